package main

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/server/common/dynamicconfig"
)

func TestParseArgs(t *testing.T) {
	t.Setenv(passwordVariable, "secret")
	opts, err := parseArgs([]string{
		"server", "start-dev", "--ip", "0.0.0.0", "--port", "7244", "--headless",
		"--namespace", "one", "--namespace", "two", "--retention", "48h",
		"--search-attribute", "Urgency=Keyword", "--search-attribute", "Seats=Int",
		"--dynamic-config-value", "frontend.rps=5", "--dynamic-config-value", `a.b={"c": [true]}`,
		"--postgres-host", "/run/pg", "--postgres-port", "5433", "--postgres-user", "me", "--postgres-database", "flows",
		"--sqlite-pragma", "Synchronous=full", "--log-format", "pretty", "--log-level", "never", "--stop-with-stdin",
	}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, "127.0.0.1:7244", frontendAddress(opts), "this process reaches itself by the loopback address")
	require.Equal(t, []string{"one", "two"}, opts.namespaces)
	require.Equal(t, 48*time.Hour, opts.retention)
	require.Equal(t, map[string]enumspb.IndexedValueType{
		"Urgency": enumspb.INDEXED_VALUE_TYPE_KEYWORD, "Seats": enumspb.INDEXED_VALUE_TYPE_INT,
	}, opts.searchAttributes)
	require.Equal(t, 5, opts.dynamicConfig[dynamicconfig.MakeKey("frontend.rps")], "a flag overrides what is built in")
	require.Equal(t, map[string]any{"c": []any{true}}, opts.dynamicConfig[dynamicconfig.MakeKey("a.b")])
	require.Equal(t, 200, opts.dynamicConfig[dynamicconfig.MakeKey("history.transferProcessorMaxPollRPS")])
	require.Equal(t, postgresOptions{host: "/run/pg", port: 5433, user: "me", password: "secret", database: "flows"}, opts.postgres)
	require.Equal(t, map[string]string{"journal_mode": "wal", "synchronous": "full"}, opts.sqlitePragmas)
	require.Equal(t, "console", opts.logFormat)
	require.True(t, opts.stopWithStdin)

	opts, err = parseArgs([]string{"server", "start-dev"}, io.Discard)
	require.NoError(t, err)
	require.Equal(t, []string{"default"}, opts.namespaces)
	require.Equal(t, "127.0.0.1:7233", frontendAddress(opts))
}

func TestParseArgsRefuses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		args []string
		want string
	}{
		"nothing":                        {nil, "usage: devserver server start-dev"},
		"another command":                {[]string{"server", "stop"}, "usage: devserver server start-dev"},
		"an unknown flag":                {[]string{"server", "start-dev", "--nope"}, "-nope"},
		"an argument":                    {[]string{"server", "start-dev", "now"}, `unexpected argument "now"`},
		"a port out of range":            {[]string{"server", "start-dev", "--port", "70000"}, "outside 1 to 65535"},
		"a type that there is not":       {[]string{"server", "start-dev", "--search-attribute", "A=Blob"}, "none of Text"},
		"a search attribute, no type":    {[]string{"server", "start-dev", "--search-attribute", "A"}, "want name=Type"},
		"a setting that is not JSON":     {[]string{"server", "start-dev", "--dynamic-config-value", "a=b"}, "value of a is not JSON"},
		"a setting with no value":        {[]string{"server", "start-dev", "--dynamic-config-value", "a"}, "want key=JSON"},
		"a pragma with no value":         {[]string{"server", "start-dev", "--sqlite-pragma", "a"}, "want name=value"},
		"a log format that there is not": {[]string{"server", "start-dev", "--log-format", "xml"}, "neither json nor pretty"},
		"two stores": {
			[]string{"server", "start-dev", "--db-filename", "a.db", "--postgres-host", "h"}, "exclude each other",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parseArgs(test.args, io.Discard)
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestRunTellsItsVersionAndRefusesBadUsage(t *testing.T) {
	t.Parallel()
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitDone, run([]string{"--version"}, nil, &stdout, &stderr))
	require.Regexp(t, `^devserver \(Server \d+\.\d+\.\d+\)\n$`, stdout.String())

	require.Equal(t, exitUsage, run([]string{"start"}, nil, &stdout, &stderr))
	require.Contains(t, stderr.String(), "devserver: usage:")

	require.Equal(t, exitDone, run([]string{"server", "start-dev", "--help"}, nil, &stdout, &stderr))
	require.Contains(t, stderr.String(), "-postgres-host")
}
