// Command chserver is a ClickHouse server for tests, made of libchdb: the
// engine, the HTTP handler and the native protocol of the server itself, in a
// library that an npm package carries. It serves until its standard input
// ends, so that a test that dies takes it along.
//
//	chserver LIBCHDB PORT --path=DIR
package main

import (
	"errors"
	"fmt"
	"os"
	"unsafe"

	"github.com/ebitengine/purego"
)

const serve = "SYSTEM START LISTEN TCP; SELECT * FROM file('/dev/stdin', 'LineAsString') FORMAT Null"

func main() {
	library, port := os.Args[1], os.Args[2]
	err := shield(port)
	if err == nil {
		err = run(library, append(os.Args[3:], "--listen_host="+inner, "--tcp_port="+port, "--query", serve))
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "chserver:", err)
		os.Exit(1)
	}
}

// run calls the command line of clickhouse local that the library has.
func run(library string, args []string) error {
	handle, err := purego.Dlopen(library, purego.RTLD_NOW|purego.RTLD_GLOBAL)
	if err != nil {
		return err
	}
	var commandLine func(argc int32, argv unsafe.Pointer) (result uintptr)
	var resultError func(result uintptr) string
	purego.RegisterLibFunc(&commandLine, handle, "chdb_query_cmdline")
	purego.RegisterLibFunc(&resultError, handle, "chdb_result_error")

	args = append([]string{"clickhouse-local"}, args...)
	argv := make([]*byte, len(args)+1) // NULL ends it
	for i, arg := range args {
		argv[i] = &append([]byte(arg), 0)[0]
	}
	if text := resultError(commandLine(int32(len(args)), unsafe.Pointer(&argv[0]))); text != "" {
		return errors.New(text)
	}
	return nil
}
