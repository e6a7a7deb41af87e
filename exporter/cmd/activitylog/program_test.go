package main

import (
	"bytes"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A program is the activitylog program in a process of its own: a Collector.
type program struct {
	cmd     *exec.Cmd
	log     bytes.Buffer
	started time.Time

	ended chan struct{} // closed when the process is gone
	err   error         // of the process, then
}

// startProgram starts a Collector with the shipped configuration for the store
// and returns when it receives.
func startProgram(t *testing.T, a addresses, flags ...string) *program {
	t.Helper()
	p := launch(t, a, flags...)
	waitWhile(t, "http://"+a.health, p.ended)
	return p
}

// launch is startProgram without the waiting.
func launch(t *testing.T, a addresses, flags ...string) *program {
	t.Helper()
	kind, _, _ := strings.Cut(a.dsn, ":")
	if a.config != "" {
		kind = a.config
	}
	name := os.Args[0]
	if a.program != "" {
		name = a.program
	}
	p := &program{started: time.Now(), ended: make(chan struct{})}
	p.cmd = exec.Command(name, append([]string{"collector", "--config", "../../../collector-config/" + kind + ".yaml"}, flags...)...)
	p.cmd.Env = append(os.Environ(), "ACTIVITYLOG_TEST_PROGRAM=1")
	for name, value := range a.environ() {
		p.cmd.Env = append(p.cmd.Env, name+"="+value)
	}
	p.cmd.Stdout, p.cmd.Stderr = &p.log, &p.log
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.kill()
		if t.Failed() {
			t.Logf("%.20000s", &p.log)
		}
	})
	return p
}

// kill ends the process as the loss of its machine would.
func (p *program) kill() {
	p.cmd.Process.Kill()
	<-p.ended
}

func (p *program) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := p.cmd.Process.Signal(s); err != nil {
		t.Fatal(err)
	}
}

// end stops the program as an operator does, and checks that it ends soon and
// is content.
func (p *program) end(t *testing.T) {
	t.Helper()
	p.signal(t, syscall.SIGTERM)
	select {
	case <-p.ended:
	case <-time.After(20 * time.Second):
		t.Fatal("the Collector does not end")
	}
	if p.err != nil {
		t.Errorf("the Collector ended with %v", p.err)
	}
}
