// Command linli matches volunteers with people in need: the service, its
// database and workflows, and the same matching offline. Every command and flag
// explains itself with --help.
//
// Exit codes: 0 done, 1 failed, 2 bad usage or input.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/linli/linli/aid"
)

// CLI is every command. A command is a struct of its flags with a method
// Run(context.Context, Streams) error, in a file of its own.
type CLI struct {
	Dev    Dev   `cmd:"" group:"run" help:"Start everything on this machine: private Postgres and Temporal, worker, API, demo data."`
	Serve  Serve `cmd:"" group:"run" help:"Serve the API."`
	Worker Work  `cmd:"" group:"run" help:"Run the processes: workflows, match rounds, outbox relay."`

	Migrate Migrate `cmd:"" group:"system" help:"Bring the schema of the database up to date, or say where it stands."`
	Import  Import  `cmd:"" group:"system" help:"Take over people and needs from CSV files."`
	Token   Token   `cmd:"" group:"system" help:"Make and end access tokens."`
	Audit   Audit   `cmd:"" group:"system" help:"Check every invariant over Postgres and Temporal."`

	Match    Match    `cmd:"" group:"offline" help:"Match volunteers with requests from two CSV files."`
	Solve    Solve    `cmd:"" group:"offline" help:"Solve an assignment or minimum-cost-flow file in DIMACS form."`
	Scenario Scenario `cmd:"" group:"offline" help:"Make up volunteers and requests, the same for the same seed."`
	Rollout  Rollouts `cmd:"" group:"offline" help:"Plan the training of a province over years."`

	Version kong.VersionFlag `help:"Print the version and stop."`
}

var groups = kong.ExplicitGroups([]kong.Group{
	{Key: "run", Title: "Run:"},
	{Key: "system", Title: "On a running system:"},
	{Key: "offline", Title: "Offline, with no server:"},
})

// Streams are where a command reads and writes.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
}

// Exit codes of the contract.
const (
	exitDone   = 0
	exitFailed = 1
	exitUsage  = 2
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// A second signal kills, should the first one not get through.
	context.AfterFunc(ctx, stop)
	os.Exit(run(ctx, os.Args[1:], Streams{os.Stdin, os.Stdout, os.Stderr}))
}

// newParser reads command lines.
func newParser(ctx context.Context, io Streams) (*kong.Kong, error) {
	return kong.New(&CLI{},
		kong.Name("linli"),
		kong.Description("Matches volunteers with people in need."),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}),
		kong.Vars{"version": version()},
		kong.Writers(io.Out, io.Err),
		kong.BindTo(ctx, (*context.Context)(nil)),
		kong.Bind(io),
		groups,
	)
}

// run executes one command line and gives its exit code.
func run(ctx context.Context, args []string, io Streams) int {
	parser, err := newParser(ctx, io)
	if err != nil {
		fmt.Fprintln(io.Err, "linli: error:", err)
		return exitFailed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	command, err := parser.Parse(args)
	if err != nil {
		fmt.Fprintf(io.Err, "linli: error: %v\nlinli: %s --help tells more\n", err, name(err))
		return exitUsage
	}
	return exitCode(ctx, command.Run(), io.Err)
}

// exitCode says what went wrong and how the process ends for it.
func exitCode(ctx context.Context, err error, to io.Writer) int {
	switch {
	case err == nil:
		return exitDone
	case errors.Is(err, context.Canceled) && ctx.Err() != nil:
		fmt.Fprintln(to, "linli: interrupted")
		return exitFailed
	}
	fmt.Fprintln(to, "linli: error:", err)
	if aid.KindOf(err) == aid.Invalid {
		return exitUsage
	}
	return exitFailed
}

// name is the command that a usage error is about, as far as it was understood.
func name(err error) string {
	if parse, ok := errors.AsType[*kong.ParseError](err); ok && parse.Context.Selected() != nil {
		selected := parse.Context.Selected()
		for path := selected.Name; ; path = selected.Name + " " + path {
			if selected = selected.Parent; selected.Parent == nil {
				return "linli " + path
			}
		}
	}
	return "linli"
}

func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "linli (devel)"
	}
	return "linli " + info.Main.Version
}
