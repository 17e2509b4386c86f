package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// Of each period a held process gets a third of one core.
const (
	holdPeriod = 90 * time.Millisecond
	holdQuota  = 30 * time.Millisecond
)

// hold gives a process a third of a core until release: by a control group of
// either version where this user may make one, else by stopping and continuing
// it. How says which.
func hold(pid int) (how string, release func(), err error) {
	quota, period := strconv.FormatInt(holdQuota.Microseconds(), 10), strconv.FormatInt(holdPeriod.Microseconds(), 10)
	controllers, _ := os.ReadFile("/sys/fs/cgroup/cgroup.controllers")
	if strings.Contains(" "+strings.TrimSpace(string(controllers))+" ", " cpu ") {
		if release, err := group("/sys/fs/cgroup", pid, [][2]string{{"cpu.max", quota + " " + period}}); err == nil {
			return "cgroup v2 cpu.max", release, nil
		}
	}
	limits := [][2]string{{"cpu.cfs_period_us", period}, {"cpu.cfs_quota_us", quota}}
	if release, err := group("/sys/fs/cgroup/cpu", pid, limits); err == nil {
		return "cgroup v1 cpu.cfs_quota_us", release, nil
	}
	release, err = dutyCycle(pid)
	return "SIGSTOP and SIGCONT", release, err
}

// group makes a control group with limits and puts the process into it.
func group(root string, pid int, limits [][2]string) (release func(), err error) {
	dir := filepath.Join(root, fmt.Sprintf("quachot-bench-%d", pid))
	if err := os.Mkdir(dir, 0o755); err != nil {
		return nil, err
	}
	release = func() {
		_ = os.WriteFile(filepath.Join(root, "cgroup.procs"), []byte(strconv.Itoa(pid)), 0)
		_ = os.Remove(dir)
	}
	for _, l := range append(limits, [2]string{"cgroup.procs", strconv.Itoa(pid)}) {
		f, err := os.OpenFile(filepath.Join(dir, l[0]), os.O_WRONLY, 0) // it is there, or the controller is not
		if err == nil {
			_, err = f.WriteString(l[1])
			err = errors.Join(err, f.Close())
		}
		if err != nil {
			release()
			return nil, err
		}
	}
	return release, nil
}

// dutyCycle lets the process run a part of each period, on one core.
func dutyCycle(pid int) (release func(), err error) {
	tasks, err := os.ReadDir(fmt.Sprintf("/proc/%d/task", pid))
	if err != nil {
		return nil, err
	}
	var one unix.CPUSet
	one.Set(0)
	for _, t := range tasks { // threads to come inherit it
		if id, err := strconv.Atoi(t.Name()); err == nil {
			_ = unix.SchedSetaffinity(id, &one)
		}
	}
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for {
			_ = syscall.Kill(pid, syscall.SIGCONT)
			time.Sleep(holdQuota)
			select {
			case <-done:
				return
			default:
			}
			_ = syscall.Kill(pid, syscall.SIGSTOP)
			time.Sleep(holdPeriod - holdQuota)
		}
	}()
	return func() { close(done); <-ended }, nil
}

// cpuTime is what this process has used of all cores.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
