package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"quachot/internal/control"
	"quachot/syncserver/gateway"
	web "quachot/syncserver/office"
	"quachot/syncserver/publish"
)

type serveCmd struct{}

// Run serves until it is told to end.
func (serveCmd) Run(c *call) error {
	if c.office != nil {
		return errors.New("the office is serving already")
	}
	if err := c.alone(); err != nil {
		return err
	}
	o, err := openOffice(c.ctx, c.data, c.log)
	if err != nil {
		return err
	}
	defer func() {
		if err := o.close(); err != nil {
			c.log.Error("close the office's data", "error", err)
		}
	}()
	if err := o.rememberProvince(c.ctx, c.flags.Province); err != nil {
		return err
	}
	return c.serve(o)
}

// alone is a quick answer when the office runs already: waiting for its lock
// would end in the same words much later.
func (c *call) alone() error {
	_, running, _ := control.Call(c.ctx, c.data, []string{"--version"}, nil, io.Discard, io.Discard)
	if running {
		return errRunning
	}
	return nil
}

// serve runs all parts; the first that fails ends the others.
func (c *call) serve(o *office) error {
	sockets, err := control.Listen(o.dir)
	if err != nil {
		return err
	}
	defer sockets.Close()
	listener, err := net.Listen("tcp", c.flags.Listen)
	if err != nil {
		return fmt.Errorf("listen for stations: %w. Is another office running? Choose another address with --listen", err)
	}
	defer listener.Close()
	o.address = listener.Addr().String()
	setup, err := c.setup(o)
	if err != nil {
		return err
	}
	o.gateway = gateway.New(gateway.Config{
		Store: o.store, Vault: o.vault, Lists: o.lists, Log: c.log.With("part", "gateway"),
		Web: web.New(c.deps(o, setup)),
	})
	host, _, _ := net.SplitHostPort(c.public(o))
	certificate, err := gateway.BrowserCertificate(o.dir, append(machineNames(), host), time.Now())
	if err != nil {
		return err
	}
	parts := []func(context.Context) error{
		func(ctx context.Context) error { return sockets.Serve(ctx, c.inside(o)) },
		func(ctx context.Context) error { return o.gateway.Serve(ctx, listener, certificate) },
		o.lists.Run,
		func(ctx context.Context) error { retryPending(ctx, o); return nil },
		func(ctx context.Context) error { keepCertified(ctx, o); return nil },
	}
	if c.flags.Web != "" {
		pages, err := net.Listen("tcp", c.flags.Web)
		if err != nil {
			return fmt.Errorf("listen for browsers on this computer: %w. Choose another address with --web", err)
		}
		defer pages.Close()
		parts = append(parts, func(ctx context.Context) error { return o.gateway.ServeWeb(ctx, pages) })
		c.greet(o, "http://"+pages.Addr().String(), setup)
	} else {
		c.greet(o, "https://"+c.public(o), setup)
	}
	return together(c.ctx, parts...)
}

// setup is the code for the first account, empty when there is one already.
func (c *call) setup(o *office) (string, error) {
	accounts, err := o.store.Accounts(c.ctx)
	if err != nil || len(accounts) > 0 {
		return "", err
	}
	return web.NewSetupCode(), nil
}

// greet says on the console where everything is.
func (c *call) greet(o *office, pages, setup string) {
	fmt.Fprintf(c.stderr, "Office %s serves stations on %s (in enrolment codes: %s) and pages on %s/\n", o.fingerprint(), o.address, c.public(o), pages)
	if setup != "" {
		fmt.Fprintf(c.stderr, "There is no account yet. Make the first one at %s/setup with the code %s\n", pages, setup)
	}
	if o.made {
		fmt.Fprintf(c.stderr, "New keys were made in %s. Move recovery.key to a safe place away from this computer: it opens every record, and is needed only when office.key is lost.\n", o.dir)
	}
}

// inside runs the subcommands of other processes.
func (c *call) inside(o *office) control.Run {
	return func(ctx context.Context, args []string, cwd string, stdin io.Reader, stdout, stderr io.Writer) int {
		return run(&call{ctx: ctx, args: args, cwd: cwd, stdin: stdin, stdout: stdout, stderr: stderr, office: o})
	}
}

// retryPending opens again what an older program, or a missing key, left unread.
func retryPending(ctx context.Context, o *office) {
	n, err := o.store.Retry(ctx, "")
	if err != nil && ctx.Err() == nil {
		o.log.Warn("pending records were not tried again", "error", err)
	} else if n > 0 {
		o.log.Info("pending records opened", "records", n)
	}
	<-ctx.Done()
}

// together runs the parts side by side. When one ends, the others are ended; it
// returns after all have, with the first error.
func together(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var wg sync.WaitGroup
	for _, part := range parts {
		wg.Go(func() { cancel(part(ctx)) })
	}
	wg.Wait()
	if err := context.Cause(ctx); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// public is the address that stations are told.
func (c *call) public(o *office) string {
	if c.flags.Public != "" {
		return withPort(c.flags.Public, o.address)
	}
	listen := o.address
	if listen == "" { // not serving: as the flags say it would
		listen = c.flags.Listen
	}
	host, port, err := net.SplitHostPort(listen)
	if err != nil {
		return listen
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		return listen
	}
	return net.JoinHostPort(ownAddress(), port)
}

// withPort adds the port we listen on to a bare host.
func withPort(host, listen string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	_, port, err := net.SplitHostPort(listen)
	if err != nil {
		port = "7443"
	}
	return net.JoinHostPort(host, port)
}

// ownAddress is this computer's first address in a network.
func ownAddress() string {
	addresses, _ := net.InterfaceAddrs()
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && n.IP.To4() != nil && n.IP.IsGlobalUnicast() {
			return n.IP.String()
		}
	}
	return "127.0.0.1"
}

func machineNames() []string {
	names := []string{ownAddress()}
	if host, err := os.Hostname(); err == nil {
		names = append(names, host)
	}
	return names
}

var _ gateway.Lists = (*publish.Publisher)(nil)
