package main

import (
	"net"
	"sync"
	"sync/atomic"
	"testing"
)

// The directions in which bytes go through a proxy.
const (
	asking    = iota // from the client
	answering        // to the client
)

// A verdict says what a proxy does with bytes that it has.
type verdict struct {
	pass int  // how many of them go on
	cut  bool // then both ends are cut off
}

// A proxy hands TCP connections on to several servers, in turn, and does to
// them what its judge says.
type proxy struct {
	addr    string
	targets []string
	next    atomic.Int64

	// judge is asked for each piece of a connection that goes somewhere.
	judge func(direction int, piece []byte) verdict

	mu    sync.Mutex
	conns map[net.Conn]bool
	ended bool
	busy  sync.WaitGroup
}

// newProxy starts a proxy that lets all pass if judge is nil.
func newProxy(t *testing.T, judge func(int, []byte) verdict, targets ...string) *proxy {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if judge == nil {
		judge = func(_ int, piece []byte) verdict { return verdict{pass: len(piece)} }
	}
	p := &proxy{addr: l.Addr().String(), targets: targets, judge: judge, conns: make(map[net.Conn]bool)}
	p.busy.Go(func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			p.busy.Go(func() { p.serve(client) })
		}
	})
	t.Cleanup(func() {
		l.Close()
		p.cutAll()
		p.busy.Wait()
	})
	return p
}

// serve connects a client with the next server that takes it.
func (p *proxy) serve(client net.Conn) {
	defer client.Close()
	for range p.targets {
		server, err := net.Dial("tcp", p.targets[int(p.next.Add(1))%len(p.targets)])
		if err != nil {
			continue
		}
		defer server.Close()
		if !p.keep(client) || !p.keep(server) {
			return
		}
		var pipes sync.WaitGroup
		pipes.Go(func() { p.pipe(server, client, asking) })
		pipes.Go(func() { p.pipe(client, server, answering) })
		pipes.Wait()
		p.forget(client, server)
		return
	}
}

// pipe hands on what comes from one end until it is cut, and then cuts off both.
func (p *proxy) pipe(to, from net.Conn, direction int) {
	defer to.Close()
	defer from.Close()
	buffer := make([]byte, 4<<10)
	for {
		n, err := from.Read(buffer)
		if n > 0 {
			v := p.judge(direction, buffer[:n])
			if _, err := to.Write(buffer[:v.pass]); err != nil || v.cut {
				return
			}
		}
		if err != nil {
			return
		}
	}
}

func (p *proxy) keep(c net.Conn) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.conns[c] = true
	return !p.ended
}

func (p *proxy) forget(conns ...net.Conn) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range conns {
		delete(p.conns, c)
	}
}

// cutAll cuts all connections, for good.
func (p *proxy) cutAll() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.ended = true
	for c := range p.conns {
		c.Close()
	}
}
