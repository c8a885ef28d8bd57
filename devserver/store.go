package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net"
	"os"
	"strconv"

	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/postgresql"
	"go.temporal.io/server/common/persistence/sql/sqlplugin/sqlite"
	sqliteschema "go.temporal.io/server/schema/sqlite"
)

const (
	mainStore       = "main"
	visibilityStore = "visibility"

	// maxConns per store and service: eight pools in all stay well below the
	// hundred connections that Postgres allows by default.
	maxConns = 10
)

// openStore makes the chosen store ready to serve and describes it.
func openStore(opts options, logger log.Logger) (config.Persistence, error) {
	main, visibility := memoryStore(), (*config.SQL)(nil)
	switch {
	case opts.postgres.host != "":
		main = postgresStore(opts.postgres, opts.postgres.database)
		visibility = postgresStore(opts.postgres, opts.postgres.visibilityDatabase())
		if err := migratePostgres(main, visibility, logger); err != nil {
			return config.Persistence{}, err
		}
	case opts.dbFilename != "":
		main = fileStore(opts.dbFilename, opts.sqlitePragmas)
		if err := createSQLite(opts.dbFilename); err != nil {
			return config.Persistence{}, err
		}
	}
	if visibility == nil {
		visibility = main // SQLite keeps both in one file
	}
	return config.Persistence{
		DefaultStore:     mainStore,
		VisibilityStore:  visibilityStore,
		NumHistoryShards: historyShards,
		DataStores: map[string]config.DataStore{
			mainStore:       {SQL: main},
			visibilityStore: {SQL: visibility},
		},
	}, nil
}

func memoryStore() *config.SQL {
	return &config.SQL{
		PluginName:        sqlite.PluginName,
		DatabaseName:      "linli-" + strconv.Itoa(os.Getpid()),
		ConnectAttributes: map[string]string{"mode": "memory", "cache": "shared"},
	}
}

func fileStore(name string, pragmas map[string]string) *config.SQL {
	attributes := map[string]string{"mode": "rw"}
	maps.Copy(attributes, pragmas)
	return &config.SQL{PluginName: sqlite.PluginName, DatabaseName: name, ConnectAttributes: attributes}
}

// createSQLite makes the file unless it is there. The schema of SQLite has no
// versions: the name of the file should therefore carry that of the server.
func createSQLite(name string) error {
	if _, err := os.Stat(name); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	// A crash half-way must not leave a file that looks complete.
	unfinished := name + ".new"
	if err := os.Remove(unfinished); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("removing a half-made store: %w", err)
	}
	store := fileStore(unfinished, nil)
	store.ConnectAttributes["mode"] = "rwc"
	if err := sqliteschema.SetupSchema(store); err != nil {
		return fmt.Errorf("creating %s: %w", name, err)
	}
	return os.Rename(unfinished, name)
}

func postgresStore(opts postgresOptions, database string) *config.SQL {
	return &config.SQL{
		PluginName:   postgresql.PluginNamePGX,
		DatabaseName: database,
		User:         opts.user,
		Password:     opts.password,
		// The address is only parsed. The attributes decide, and unlike the
		// address they can name a socket directory.
		ConnectAddr:     net.JoinHostPort("localhost", strconv.Itoa(opts.port)),
		ConnectProtocol: "tcp",
		ConnectAttributes: map[string]string{
			"host": opts.host,
			"port": strconv.Itoa(opts.port),
		},
		MaxConns:     maxConns,
		MaxIdleConns: maxConns,
	}
}
