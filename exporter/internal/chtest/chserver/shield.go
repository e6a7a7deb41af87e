package main

import (
	"io"
	"net"
)

// inner is where the library listens, on the port on which the shield does.
const inner = "127.0.0.2"

// shield stands between clients and the library, which aborts when a client
// resets a connection: an exception that the server itself catches ends it. To
// the library each client says goodbye and hears out what it is told.
func shield(port string) error {
	l, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", port))
	if err != nil {
		return err
	}
	go func() {
		for {
			client, err := l.Accept()
			if err != nil {
				return
			}
			go join(client, net.JoinHostPort(inner, port))
		}
	}()
	return nil
}

// join carries bytes between a client and the library.
func join(client net.Conn, addr string) {
	defer client.Close()
	server, err := net.Dial("tcp", addr)
	if err != nil {
		return // the library does not listen yet
	}
	go func() {
		io.Copy(server, client)
		server.(*net.TCPConn).CloseWrite()
	}()
	io.Copy(client, server)
	client.Close()
	io.Copy(io.Discard, server)
	server.Close()
}
