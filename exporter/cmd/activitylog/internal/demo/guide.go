package demo

import (
	"fmt"
	"io"
	"strings"

	"github.com/activitylog-go/activitylog/examples/payments"
)

// printGuide tells what can be looked at and tried while the demo is up.
func printGuide(out io.Writer, c Config) {
	requests := payments.DemoRequests("http://" + c.API)
	fmt.Fprintf(out, `
The activity log of the day:   http://%s/
The same for programs:         http://%s/v1/events?q=outcome:denied

Do something, and see it appear there within a second:

%s

%s

Ask on the command line:

  %s query --store %s 'actor:usr_ann event:org.member:*'

Stop with Ctrl-C.
`, c.Viewer, c.Viewer, shell("curl", requests[0]), shell("curl", requests[1]), c.Command, c.dsn())
}

// shell returns a command as a line that can be pasted into a shell, indented.
func shell(name string, args []string) string {
	line := "  " + name
	for _, arg := range args {
		line += " " + quote(arg)
	}
	return line
}

func quote(arg string) string {
	if arg != "" && !strings.ContainsAny(arg, " \t\n\"'\\$`!*?[]{}()<>|&;#~=") {
		return arg
	}
	return "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
}
