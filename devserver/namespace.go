package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/api/operatorservice/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/server/common/config"
	sqliteschema "go.temporal.io/server/schema/sqlite"
	"google.golang.org/protobuf/types/known/durationpb"
)

const (
	// attributesTimeout bounds how long a server that has started may take
	// until its frontend answers.
	attributesTimeout = 30 * time.Second
	retryInterval     = 50 * time.Millisecond
)

// createNamespaces writes the namespaces that are missing into the store. The
// server finds them when it starts, and so has them from its first answer on.
//
// The function that does it is named after SQLite, but serves every SQL store.
func createNamespaces(store *config.SQL, opts options) error {
	for _, name := range opts.namespaces {
		namespace, err := sqliteschema.NewNamespaceConfig(clusterName, name, false, opts.searchAttributes)
		if err != nil {
			return fmt.Errorf("describing the namespace %q: %w", name, err)
		}
		namespace.Detail.Config.Retention = durationpb.New(opts.retention)
		if err := sqliteschema.CreateNamespaces(store, namespace); err != nil {
			return err
		}
	}
	return nil
}

// addSearchAttributes adds, through the public API, those that a namespace of
// an earlier start does not have yet. The server passes over the others.
func addSearchAttributes(ctx context.Context, opts options) error {
	if len(opts.searchAttributes) == 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, attributesTimeout)
	defer cancel()
	frontend, err := client.NewLazyClient(client.Options{HostPort: frontendAddress(opts), Logger: silent{}})
	if err != nil {
		return fmt.Errorf("connecting to the frontend: %w", err)
	}
	defer frontend.Close()
	for _, name := range opts.namespaces {
		request := &operatorservice.AddSearchAttributesRequest{Namespace: name, SearchAttributes: opts.searchAttributes}
		err := untilAvailable(ctx, func() error {
			_, err := frontend.OperatorService().AddSearchAttributes(ctx, request)
			return err
		})
		if err != nil {
			return fmt.Errorf("adding search attributes to the namespace %q: %w", name, err)
		}
	}
	return nil
}

// untilAvailable repeats call while the frontend cannot be reached yet.
func untilAvailable(ctx context.Context, call func() error) error {
	for {
		err := call()
		if down := (*serviceerror.Unavailable)(nil); !errors.As(err, &down) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(retryInterval):
		}
	}
}

// silent drops what the client would log: the errors are returned anyway.
type silent struct{}

var _ sdklog.Logger = silent{}

func (silent) Debug(string, ...any) {}
func (silent) Info(string, ...any)  {}
func (silent) Warn(string, ...any)  {}
func (silent) Error(string, ...any) {}
