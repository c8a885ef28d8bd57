package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"os"
	"strings"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/dynamicconfig"
)

// options is one parsed command line.
type options struct {
	version bool

	ip         string
	port       int
	namespaces []string
	retention  time.Duration

	dbFilename    string
	sqlitePragmas map[string]string
	postgres      postgresOptions

	searchAttributes map[string]enumspb.IndexedValueType
	dynamicConfig    dynamicconfig.StaticClient

	logLevel      string
	logFormat     string
	stopWithStdin bool
}

// postgresOptions says where the Postgres store is; an empty host means that
// Postgres is not the store.
type postgresOptions struct {
	host     string // a host name, or the absolute path of a socket directory
	port     int
	user     string
	password string // from the environment, since a command line is public
	database string
}

// visibilityDatabase holds what listing workflows reads. It is a database of
// its own, because both schemas keep their version in a table of one name.
func (p postgresOptions) visibilityDatabase() string { return p.database + "_visibility" }

// passwordVariable is the environment variable that libpq programs read too.
const passwordVariable = "PGPASSWORD"

// parseArgs reads "--version" or "server start-dev" with its flags. What is
// wrong with a flag's value is told by the error; help goes to help.
func parseArgs(args []string, help io.Writer) (options, error) {
	if len(args) == 1 && (args[0] == "--version" || args[0] == "-v") {
		return options{version: true}, nil
	}
	if len(args) < 2 || args[0] != "server" || args[1] != "start-dev" {
		return options{}, errors.New("usage: devserver server start-dev [flags] (--help lists them), or devserver --version")
	}

	opts := options{
		dynamicConfig:    defaultDynamicConfig(),
		searchAttributes: map[string]enumspb.IndexedValueType{},
		// Without the write-ahead log every write waits for every reader, and a
		// handful of updates a second is all that is left.
		sqlitePragmas: map[string]string{"journal_mode": "wal", "synchronous": "normal"},
	}
	flags := flag.NewFlagSet("devserver server start-dev", flag.ContinueOnError)
	flags.SetOutput(help)
	flags.StringVar(&opts.ip, "ip", "127.0.0.1", "`address` to listen on")
	flags.IntVar(&opts.port, "port", 7233, "`port` of the frontend's gRPC service")
	flags.Func("namespace", "`name` of a namespace to create; may be repeated (default \"default\")", func(name string) error {
		opts.namespaces = append(opts.namespaces, name)
		return nil
	})
	flags.DurationVar(&opts.retention, "retention", 7*24*time.Hour, "how long closed workflows are kept in namespaces created here")
	flags.StringVar(&opts.dbFilename, "db-filename", "", "SQLite `file` to persist in (default: in memory)")
	flags.Func("sqlite-pragma", "`name=value` for SQLite, beyond the write-ahead log; may be repeated", opts.addPragma)
	flags.StringVar(&opts.postgres.host, "postgres-host", "", "host or socket `directory` of a Postgres to persist in")
	flags.IntVar(&opts.postgres.port, "postgres-port", 5432, "`port` of that Postgres")
	flags.StringVar(&opts.postgres.user, "postgres-user", "postgres", "`role` that may create databases; its password is read from "+passwordVariable)
	flags.StringVar(&opts.postgres.database, "postgres-database", "temporal", "`database`, created when absent, with a second one named …_visibility")
	flags.Func("search-attribute", "`name=Type` of a search attribute to create; may be repeated", opts.addSearchAttribute)
	flags.Func("dynamic-config-value", "`key=JSON` of a server setting; may be repeated", opts.addDynamicConfig)
	flags.StringVar(&opts.logLevel, "log-level", "warn", "debug, info, warn, error or never")
	flags.StringVar(&opts.logFormat, "log-format", "json", "json, or pretty for lines made to be read")
	flags.BoolVar(&opts.stopWithStdin, "stop-with-stdin", false, "stop when standard input ends, as it does when the parent dies")
	flags.Bool("headless", true, "accepted for likeness with the temporal command: there is no web interface here")
	if err := flags.Parse(args[2:]); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("unexpected argument %q", flags.Arg(0))
	}
	return opts.completed()
}

func (o *options) addPragma(pragma string) error {
	name, value, found := strings.Cut(pragma, "=")
	if !found || name == "" {
		return errors.New("want name=value")
	}
	o.sqlitePragmas[strings.ToLower(name)] = value
	return nil
}

func (o *options) addSearchAttribute(value string) error {
	name, typeName, found := strings.Cut(value, "=")
	if !found || name == "" {
		return errors.New("want name=Type")
	}
	valueType, err := enumspb.IndexedValueTypeFromString(typeName)
	if err != nil {
		return fmt.Errorf("type %q is none of Text, Keyword, Int, Double, Bool, Datetime, KeywordList", typeName)
	}
	o.searchAttributes[name] = valueType
	return nil
}

func (o *options) addDynamicConfig(value string) error {
	key, encoded, found := strings.Cut(value, "=")
	if !found || key == "" {
		return errors.New("want key=JSON")
	}
	var decoded any
	if err := json.Unmarshal([]byte(encoded), &decoded); err != nil {
		return fmt.Errorf("value of %s is not JSON: %w", key, err)
	}
	// The server takes no whole number for a float that happens to be one.
	if number, ok := decoded.(float64); ok && number == math.Trunc(number) {
		decoded = int(number)
	}
	o.dynamicConfig[dynamicconfig.MakeKey(key)] = decoded
	return nil
}

// completed fills in what depends on several flags and refuses contradictions.
func (o options) completed() (options, error) {
	if len(o.namespaces) == 0 {
		o.namespaces = []string{"default"}
	}
	switch o.logFormat {
	case "json":
	case "pretty", "text":
		o.logFormat = "console"
	default:
		return options{}, fmt.Errorf("--log-format %q is neither json nor pretty", o.logFormat)
	}
	if o.logLevel == "never" {
		o.logLevel = "fatal"
	}
	if o.port < 1 || o.port > 65535 {
		return options{}, fmt.Errorf("--port %d is outside 1 to 65535", o.port)
	}
	o.postgres.password = os.Getenv(passwordVariable)
	if o.dbFilename != "" && o.postgres.host != "" {
		return options{}, errors.New("--db-filename and --postgres-host exclude each other")
	}
	return o, nil
}
