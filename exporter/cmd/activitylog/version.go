package main

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

func newVersionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version of this program and of what it is built with",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "activitylog %s\ngo %s %s/%s\ncollector %s\n",
				version(), runtime.Version()[2:], runtime.GOOS, runtime.GOARCH, versionOf("go.opentelemetry.io/collector/otelcol"))
			return err
		},
	}
}

// version returns the version of this program, "(devel)" if it was built from
// a checkout.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}

// versionOf returns the version of a module that is part of this program.
func versionOf(path string) string {
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			if module.Path == path {
				return module.Version
			}
		}
	}
	return "(unknown)"
}
