package demo

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
)

// Config says where a demo listens and keeps its events.
type Config struct {
	API    string // address of the example API
	Viewer string // address of the viewer and of the API /v1
	OTLP   string // address of the Collector's OTLP/HTTP receiver
	Store  string // SQLite file; "" is a new one that goes when the demo ends
	Once   bool   // play the day and end

	// Command is how the user called the program, for the lines that are
	// printed to be copied.
	Command string
}

func (c Config) dsn() string { return "sqlite:" + c.Store }

// prepare fills in the store and checks, before anything is started, what
// can be told to be wrong. The returned function removes what it made.
func (c *Config) prepare() (cleanup func(), err error) {
	errs := []error{checkAddress("api", c.API), checkAddress("viewer", c.Viewer), checkAddress("otlp", c.OTLP)}
	if err := errors.Join(errs...); err != nil {
		return nil, err
	}
	if c.Store != "" {
		c.Store = strings.TrimPrefix(c.Store, "sqlite:")
		return func() {}, nil
	}
	dir, err := os.MkdirTemp("", "activitylog-demo-")
	if err != nil {
		return nil, fmt.Errorf("store: %w", err)
	}
	c.Store = filepath.Join(dir, "activitylog.db")
	return func() { os.RemoveAll(dir) }, nil
}

// checkAddress reports whether flag's address is free. Another program may
// still take it before we do; then the error is less helpful, not missing.
func checkAddress(flag, address string) error {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return fmt.Errorf("--%s: %w; choose another address with --%s HOST:PORT", flag, err, flag)
	}
	return l.Close()
}
