// Package command has every subcommand of the office's program. A subcommand
// runs inside the serving program when there is one (internal/control), else it
// opens the data itself. Names, flags, JSON fields and exit codes are a contract
// (design, section 11).
package command

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"github.com/alecthomas/kong"

	"quachot/internal/control"
	"quachot/syncserver/vault"
)

// Exit codes of every subcommand.
const (
	exitDone     = 0
	exitFindings = 1 // done, and what was found is bad
	exitUsage    = 2 // wrong arguments, or the computer is not ready for it
)

// cli is the command line.
type cli struct {
	Data     string           `help:"Data directory of the office." default:"${data}" placeholder:"DIR"`
	Listen   string           `help:"Address for stations and browsers (TLS)." default:":7443" placeholder:"ADDR"`
	Web      string           `help:"Address for a browser on this computer (plain HTTP); empty = none." default:"127.0.0.1:7480" placeholder:"ADDR"`
	Public   string           `help:"Address that goes into enrolment codes; empty = found out." placeholder:"ADDR"`
	Store    string           `help:"Where records are kept: empty or sqlite for the data directory." placeholder:"STORE"`
	Province string           `help:"First two digits of new station and card numbers; what the office is started with is remembered, 46 at first." placeholder:"NN"`
	Lang     string           `help:"Language of the pages until a visitor chooses: vi or en." default:"vi" enum:"vi,en"`
	Verbose  bool             `help:"Say every step on standard error." short:"v"`
	Version  kong.VersionFlag `help:"Print the version."`

	Serve   serveCmd   `cmd:"" default:"1" help:"Take records, give lists, show the pages (the default)."`
	Station stationCmd `cmd:"" help:"Stations: add, list, revoke."`
	Post    postCmd    `cmd:"" help:"Posts: add, list."`
	Account accountCmd `cmd:"" help:"Accounts of the office's pages: add, list."`
	Officer officerCmd `cmd:"" help:"Officers at the stations: add, list, badge, pin, remove."`
	Card    cardCmd    `cmd:"" help:"Cards: show, revoke."`
	Watch   watchCmd   `cmd:"" help:"The watch-list: add, remove, load, list."`
	Rules   rulesCmd   `cmd:"" help:"What stations ask at the lane: load, show, test."`
	Place   placeCmd   `cmd:"" help:"Places people are sent to: load, list."`
	Setting settingCmd `cmd:"" name:"settings" help:"What holds for all stations: show, set."`
	Records recordsCmd `cmd:"" help:"Every record the office holds, one JSON line each."`
	Import  importCmd  `cmd:"" help:"Take the bundle that a station exported onto a stick."`
	Issue   issueCmd   `cmd:"" help:"Make cards for the people of a file."`
	Key     keyCmd     `cmd:"" help:"Keys: list."`
	Check   checkCmd   `cmd:"" help:"Prove from the raw records what the office holds of every station."`
}

// call is one subcommand's surroundings.
type call struct {
	ctx            context.Context
	args           []string
	cwd            string
	stdin          io.Reader
	stdout, stderr io.Writer
	flags          *cli
	data           string
	log            *slog.Logger
	office         *office // set when this runs inside the serving program
}

// exit is an error that is only an exit code: everything was said already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Main runs the program with the arguments after its name and gives its exit
// code: 0 done, 1 done with findings, 2 usage or environment.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cwd, _ := os.Getwd() // empty: relative paths stay relative
	return run(&call{ctx: ctx, args: args, cwd: cwd, stdin: stdin, stdout: stdout, stderr: stderr})
}

func run(c *call) (code int) {
	c.flags = &cli{}
	ended := -1
	k, err := kong.New(c.flags, kong.Name("syncserver"), kong.Description("The office: takes what the stations send. Without a subcommand it serves."),
		kong.Writers(c.stdout, c.stderr), kong.Vars{"data": DefaultDir(), "version": Program()},
		kong.Exit(func(code int) { ended = code; panic(exit(code)) }))
	if err != nil {
		panic(err) // the struct above is wrong: our own mistake
	}
	defer func() { // kong ends --help and --version by exiting
		if r := recover(); r != nil {
			if ended < 0 {
				panic(r)
			}
			code = ended
		}
	}()
	parsed, err := k.Parse(c.args)
	if err != nil {
		fmt.Fprintf(c.stderr, "%v\nNothing was done. See `syncserver --help`.\n", err)
		return exitUsage
	}
	if c.flags.Store != "" && c.flags.Store != "sqlite" {
		fmt.Fprintf(c.stderr, "The store %q is not there in this version. Nothing was done. Leave --store out: records are then kept in the data directory.\n", c.flags.Store)
		return exitUsage
	}
	c.data = c.path(c.flags.Data)
	level := slog.LevelInfo
	if c.flags.Verbose {
		level = slog.LevelDebug
	}
	c.log = slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: level}))
	return c.exitCode(parsed.Run(c))
}

// exitCode says an error to people, once, and turns it into the exit code.
func (c *call) exitCode(err error) int {
	var code exit
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &code):
		return int(code)
	}
	fmt.Fprintln(c.stderr, words(c.data, err))
	return exitUsage
}

// path makes a path of the command line absolute where the caller stands, which
// is not where the serving program stands.
func (c *call) path(p string) string {
	if p == "" || filepath.IsAbs(p) || c.cwd == "" {
		return p
	}
	return filepath.Join(c.cwd, p)
}

// withOffice runs f with the open office: inside the serving program when there
// is one, else here.
func (c *call) withOffice(f func(o *office) error) error {
	if c.office != nil {
		return f(c.office)
	}
	code, running, err := control.Call(c.ctx, c.data, c.args, c.stdin, c.stdout, c.stderr)
	if err != nil {
		return err
	}
	if running {
		return exit(code)
	}
	o, err := openOffice(c.ctx, c.data, c.quiet())
	if err != nil {
		return err
	}
	defer func() {
		if err := o.close(); err != nil {
			c.log.Error("close the office's data", "error", err)
		}
	}()
	return f(o)
}

// withExisting is withOffice for commands that only read: they make no office
// where a mistyped --data points to.
func (c *call) withExisting(f func(o *office) error) error {
	if c.office == nil {
		if _, err := os.Stat(filepath.Join(c.data, vault.KeyFile)); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s holds no office. Check --data: start the office there, or name the directory it runs in", c.data)
		}
	}
	return c.withOffice(f)
}

// quiet is the log of a subcommand: only what a person must know.
func (c *call) quiet() *slog.Logger {
	if c.flags.Verbose {
		return c.log
	}
	return slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
}

// DefaultDir is the data directory when none is given.
func DefaultDir() string {
	base, err := os.UserConfigDir()
	if err != nil {
		return "quachot-office" // no home directory: beside the program's start
	}
	return filepath.Join(base, "quachot", "office")
}

// Program is the version of this program.
func Program() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "dev"
	}
	version := info.Main.Version
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && (version == "" || version == "(devel)") && len(s.Value) >= 12 {
			return "dev-" + s.Value[:12]
		}
	}
	if version == "" || version == "(devel)" {
		return "dev"
	}
	return version
}
