package backends_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A program is this test's program in a process of its own: a Collector or a
// broker.
type program struct {
	cmd   *exec.Cmd
	log   output
	ended chan struct{} // closed when the process is gone
	err   error         // of the process, then
}

// An output is what a program has printed so far.
type output struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.text.String()
}

// start starts a program and returns when ready says so.
func start(t *testing.T, role string, env []string, args []string, ready func() bool) *program {
	t.Helper()
	p := &program{cmd: exec.Command(os.Args[0], args...), ended: make(chan struct{})}
	p.cmd.Env = append(append(os.Environ(), "ACTIVITYLOG_TEST_PROGRAM="+role), env...)
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
			t.Logf("%s: %.20000s", role, p.log.String())
		}
	})
	eventually(t, "the "+role+" starts", func() bool {
		select {
		case <-p.ended:
			t.Fatalf("the %s has ended with %v", role, p.err)
		default:
		}
		return ready()
	})
	return p
}

// kill ends the process as the loss of its machine would.
func (p *program) kill() {
	p.cmd.Process.Kill() // it may have ended
	<-p.ended
}

// end stops the program as an operator does, and checks that it ends soon and
// is content.
func (p *program) end(t *testing.T) {
	t.Helper()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-p.ended:
	case <-time.After(30 * time.Second):
		t.Fatal("the program does not end")
	}
	if p.err != nil {
		t.Errorf("the program ended with %v", p.err)
	}
}

// collector starts a Collector with a configuration, whose variables env sets.
func collector(t *testing.T, file string, env []string, flags ...string) *program {
	t.Helper()
	health := freeAddress(t)
	env = append(env, "ACTIVITYLOG_HEALTH="+health)
	return start(t, "collector", env, append([]string{"--config", file}, flags...), func() bool {
		resp, err := http.Get("http://" + health)
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
}

// eventually returns when done reports true, which it does within a minute.
func eventually(t *testing.T, what string, done func() bool) {
	t.Helper()
	for range 3000 {
		if done() {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Fatalf("waited for a minute, and not seen that %s", what)
}

// freeAddress returns an address at which nobody listens. It is below those
// that the system gives to clients, one of which would else take it while a
// program that is killed starts again.
func freeAddress(t *testing.T) string {
	t.Helper()
	for range 100 {
		addr := fmt.Sprint("127.0.0.1:", 20000+rand.IntN(12000))
		if l, err := net.Listen("tcp", addr); err == nil {
			l.Close()
			return addr
		}
	}
	t.Fatal("no address is free")
	return ""
}
