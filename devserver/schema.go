package main

import (
	"fmt"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/tools/common/schema"
	temporalsql "go.temporal.io/server/tools/sql"
)

const (
	mainSchema       = "postgresql/v12/temporal"
	visibilitySchema = "postgresql/v12/visibility"

	// maintenanceDatabase exists in every Postgres, to connect to before one's
	// own does.
	maintenanceDatabase = "postgres"

	// versionOfNothing is that of a database in which nothing was made yet.
	versionOfNothing = "0.0"
)

// migratePostgres creates both databases where absent and brings each to the
// schema that this server was built with. It may be repeated after a crash at
// any point.
func migratePostgres(main, visibility *config.SQL, logger log.Logger) error {
	for _, target := range []struct {
		store      *config.SQL
		schemaName string
	}{{main, mainSchema}, {visibility, visibilitySchema}} {
		name := target.store.DatabaseName
		if err := createDatabase(*target.store, logger); err != nil {
			return fmt.Errorf("creating the database %s: %w", name, err)
		}
		if err := updateSchema(target.store, target.schemaName, logger); err != nil {
			return fmt.Errorf("updating the schema of the database %s: %w", name, err)
		}
	}
	return nil
}

// createDatabase takes a copy of the store, because the tool changes it.
func createDatabase(store config.SQL, logger log.Logger) error {
	return temporalsql.DoCreateDatabase(&store, maintenanceDatabase, logger)
}

func updateSchema(store *config.SQL, schemaName string, logger log.Logger) error {
	conn, err := temporalsql.NewConnection(store, logger)
	if err != nil {
		return err
	}
	defer conn.Close()
	// The set-up leaves a version alone that is later than the one it is given.
	setup := &schema.SetupConfig{InitialVersion: versionOfNothing}
	if err := schema.NewSetupSchemaTask(conn, setup, logger).Run(); err != nil {
		return err
	}
	return schema.NewUpdateSchemaTask(conn, &schema.UpdateConfig{SchemaName: schemaName}, logger).Run()
}
