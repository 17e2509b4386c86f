// Package command has every subcommand of the kiosk. A subcommand runs inside
// the program that already has the data directory open when there is one
// (internal/control), else it opens the data itself. Nothing here draws: package
// main hands in the window.
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
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"quachot/hardware/scanner"
	"quachot/internal/control"
	"quachot/kiosk/journal"
	"quachot/kiosk/station"
)

// Exit codes of every subcommand.
const (
	exitDone     = 0
	exitFindings = 1 // done, and what was found is bad
	exitUsage    = 2 // wrong arguments, or the computer is not ready for it
)

// WindowOptions are what the command line says to the window.
type WindowOptions struct {
	Data       string // data directory; station.Open opens it
	Lang       string // vi or en
	Fullscreen bool
	Training   bool       // open station.OpenTraining instead
	Scanners   []Attached // beside the keyboard
	Printer    string     // as hardware.OpenPrinter takes it; "" = the one there is
	Program    string     // version of the program
	Log        *slog.Logger
	Stderr     io.Writer
}

// Attached is a scanner of the window that is no keyboard.
type Attached struct {
	Name string // for people, such as serial:/dev/ttyACM0
	scanner.Scanner
}

// Window draws the window until it is closed or ctx ends, and gives the exit
// code. It opens the station and runs Attend beside itself. OpenFailed puts an
// error of opening into words.
type Window func(ctx context.Context, o WindowOptions) int

// cli is the command line; the names are a contract (design, section 11).
type cli struct {
	Data       string           `help:"Data directory of the station." default:"${data}" placeholder:"DIR" type:"path"`
	Lang       string           `help:"Language of the window: vi or en." default:"vi" enum:"vi,en"`
	Fullscreen bool             `help:"Fill the screen."`
	Training   bool             `help:"Training: nothing counts."`
	Printer    string           `help:"Where paper comes out: ipp:NAME, ipp://HOST/PATH or folder:DIR (default: the system's default printer, else a folder in the data directory)." placeholder:"SPEC"`
	Verbose    bool             `help:"Say every step on standard error." short:"v"`
	Version    kong.VersionFlag `help:"Print the version."`

	Window   windowCmd   `cmd:"" default:"withargs" hidden:"" help:"Open the window (the default)."`
	Enrol    enrolCmd    `cmd:"" help:"Make this computer a station, with a code from the office."`
	Sync     syncCmd     `cmd:"" help:"Bring records to the office and lists from it, now."`
	Status   statusCmd   `cmd:"" help:"How the station stands, as JSON."`
	Lane     laneCmd     `cmd:"" help:"Work a lane without a window: codes in, one JSON line per scan out."`
	Read     readCmd     `cmd:"" help:"What is this? Read codes without writing anything down."`
	Decode   decodeCmd   `cmd:"" help:"Read the QR codes in pictures."`
	Export   exportCmd   `cmd:"" help:"Write what the office lacks into a bundle, to carry it on a stick."`
	Receive  receiveCmd  `cmd:"" help:"Take the office's answer to a bundle: receipts and lists."`
	Check    checkCmd    `cmd:"" help:"Prove that the journal is whole."`
	Scanners scannersCmd `cmd:"" help:"The scanners plugged in, as JSON."`
	Printers printersCmd `cmd:"" help:"The printers there are, as JSON."`
	Print    printCmd    `cmd:"" help:"Print a paper of the post: blank forms, the scanner test card, codes to train with."`
}

// call is one subcommand's surroundings.
type call struct {
	ctx            context.Context
	args           []string
	cwd            string
	stdin          io.Reader
	stdout, stderr io.Writer
	data           string
	log            *slog.Logger
	window         Window
	// station is set when this runs inside the program that has it open.
	station *station.Station
}

// exit is an error that is only an exit code: everything was said already.
type exit int

func (e exit) Error() string { return fmt.Sprintf("exit %d", int(e)) }

// Main runs the program with the arguments after its name and gives its exit
// code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer, window Window) int {
	if len(args) == 2 && args[0] == "journal-probe" { // hidden: the child that journal.Open starts
		return probe(args[1], stderr)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	cwd, _ := os.Getwd() // empty: relative paths stay relative
	return run(&call{ctx: ctx, args: args, cwd: cwd, stdin: stdin, stdout: stdout, stderr: stderr, window: window})
}

// NoWindow is the Window of a build without one.
func NoWindow(_ context.Context, o WindowOptions) int {
	fmt.Fprintln(o.Stderr, "This build has no window. Nothing was changed. Use `kiosk lane`, or a build without the tag nowindow.")
	return exitUsage
}

func run(c *call) (code int) {
	var flags cli
	ended := -1
	k, err := kong.New(&flags, kong.Name("kiosk"), kong.Description("The station of a checkpoint. Without a subcommand it opens its window."),
		kong.Writers(c.stdout, c.stderr), kong.Vars{"data": station.DefaultDir(), "version": Program()},
		kong.Exit(func(code int) { ended = code; panic(exit(code)) }), kong.UsageOnError())
	if err != nil {
		panic(err) // the struct above is wrong: our own mistake
	}
	defer func() {
		if r := recover(); r != nil {
			if ended < 0 {
				panic(r)
			}
			code = ended
		}
	}()
	parsed, err := k.Parse(c.args)
	if err != nil {
		fmt.Fprintf(c.stderr, "%v\nNothing was done. See `kiosk --help`.\n", err)
		return exitUsage
	}
	c.data = c.path(flags.Data)
	level := slog.LevelWarn
	if flags.Verbose {
		level = slog.LevelDebug
	}
	c.log = slog.New(slog.NewTextHandler(c.stderr, &slog.HandlerOptions{Level: level}))
	return c.exitCode(parsed.Run(c, &flags))
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
	fmt.Fprintln(c.stderr, OpenFailed(c.data, err))
	return exitUsage
}

// OpenFailed puts an error, above all of station.Open, into words for people.
func OpenFailed(dir string, err error) string {
	switch {
	case errors.Is(err, journal.ErrRunning):
		return fmt.Sprintf("Another kiosk program (a window or a lane) works with %s already. "+
			"Nothing was changed and everything scanned there is safe. Use that one, or close it first.", dir)
	case errors.Is(err, station.ErrNotEnrolled):
		return fmt.Sprintf("This computer is not enrolled as a station yet (%s). Nothing was changed. "+
			"Ask the office for a code and run: kiosk enrol CODE", dir)
	case errors.Is(err, journal.ErrNewer):
		return fmt.Sprintf("The journal in %s was written by a newer version of this program. "+
			"Nothing was changed and everything in it is safe. Start the newer version.", dir)
	case forbidden(dir, err):
		return fmt.Sprintf("This program cannot work in %s: %v. Nothing was changed and everything scanned there is safe. "+
			"Start it as the user who owns that directory, or name another one with --data.", dir, err)
	}
	return err.Error()
}

// forbidden says that the system refuses what is in dir: a read-only disk,
// another user's directory, or no directory at all.
func forbidden(dir string, err error) bool {
	var at *fs.PathError
	if dir == "" || !errors.As(err, &at) || !strings.HasPrefix(at.Path, dir) {
		return false
	}
	return errors.Is(at, fs.ErrPermission) || errors.Is(at, syscall.EROFS) || errors.Is(at, syscall.ENOTDIR)
}

// open opens the station. The caller closes it.
func (c *call) open() (*station.Station, error) {
	return station.Open(c.data, station.Options{Program: Program(), Log: c.log})
}

// path makes a path of the command line absolute where the caller stands, which
// is not where the running program stands.
func (c *call) path(p string) string {
	if p == "" || filepath.IsAbs(p) || c.cwd == "" {
		return p
	}
	return filepath.Join(c.cwd, p)
}

// withStation runs f with the open station: inside the program that has it open
// when there is one, else here.
func (c *call) withStation(stdin io.Reader, f func(s *station.Station) error) error {
	if c.station != nil {
		return f(c.station)
	}
	code, running, err := control.Call(c.ctx, c.data, c.args, stdin, c.stdout, c.stderr)
	if err != nil {
		return err
	}
	if running {
		return exit(code)
	}
	s, err := c.open()
	if err != nil {
		return err
	}
	defer func() {
		if err := s.Close(); err != nil {
			c.log.Error("close the station", "err", err)
		}
	}()
	return f(s)
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

type windowCmd struct {
	Scanner []string `help:"A scanner beside those that type, repeatable: serial:DEV." placeholder:"DRIVER:DEV" sep:"none"`
}

func (w windowCmd) Run(c *call, flags *cli) error {
	if c.station != nil {
		return errors.New("the window is open already")
	}
	scanners, err := openScanners(w.Scanner, nil)
	if err != nil {
		return err
	}
	o := WindowOptions{
		Data: c.data, Lang: flags.Lang, Fullscreen: flags.Fullscreen, Training: flags.Training, Printer: flags.Printer,
		Program: Program(), Log: c.log, Stderr: c.stderr,
	}
	for i, sc := range scanners {
		o.Scanners = append(o.Scanners, Attached{w.Scanner[i], sc})
	}
	if code := c.window(c.ctx, o); code != exitDone {
		return exit(code)
	}
	return nil
}
