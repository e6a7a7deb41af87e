package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/activitylog-go/activitylog/exporter/cmd/activitylog/internal/demo"
)

func newDemoCommand() *cobra.Command {
	c := demo.Config{Command: os.Args[0]}
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Play a day of a payments organisation and show its activity log",
		Long: `Runs an example API, a Collector, SQLite and the viewer in this one process,
plays a day of requests against the API and stays up until Ctrl-C. With --once
it ends when every event is committed; the exit code is then 0.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			context.AfterFunc(ctx, stop) // a second Ctrl-C ends the program at once
			return demo.Run(ctx, collectorSettings(), c, cmd.OutOrStdout())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&c.API, "api", "127.0.0.1:8080", "`address` of the example API")
	flags.StringVar(&c.Viewer, "viewer", "127.0.0.1:8090", "`address` of the viewer and the HTTP API")
	flags.StringVar(&c.OTLP, "otlp", "127.0.0.1:4318", "`address` of the Collector's OTLP/HTTP receiver")
	flags.StringVar(&c.Store, "store", "", "SQLite `file` for the events (default: a new one, removed at the end)")
	flags.BoolVar(&c.Once, "once", false, "play the day and end")
	return cmd
}
