package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"quachot/syncserver/store"
)

type postCmd struct {
	Add  postAdd  `cmd:"" help:"Make a post."`
	List postList `cmd:"" help:"All posts, one JSON line each."`
}

type postAdd struct {
	Code string `arg:"" help:"Short code: letters, digits, dashes."`
	Name string `arg:"" help:"Name, for people."`
	Kind string `enum:"road,place,lodging,patrol" default:"road" help:"road, place, lodging or patrol."`
	At   string `help:"Where it stands." placeholder:"LAT,LON"`
}

func (p postAdd) Run(c *call) error {
	at, err := parsePlace(p.At)
	if err != nil {
		return err
	}
	return c.withOffice(func(o *office) error {
		err := o.addPost(c.ctx, store.Post{Code: p.Code, Name: p.Name, Kind: p.Kind, At: at}, "command")
		if errors.Is(err, store.ErrExists) {
			return fmt.Errorf("there is a post %s already", p.Code)
		}
		return err
	})
}

func parsePlace(s string) (*[2]float64, error) {
	if s == "" {
		return nil, nil
	}
	lat, lon, ok := strings.Cut(s, ",")
	a, err1 := strconv.ParseFloat(strings.TrimSpace(lat), 64)
	b, err2 := strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if !ok || err1 != nil || err2 != nil || a < -90 || a > 90 || b < -180 || b > 180 {
		return nil, fmt.Errorf("the place %q is not LAT,LON, such as 16.397,107.703", s)
	}
	return &[2]float64{a, b}, nil
}

var postCode = regexp.MustCompile(`^[A-Za-z0-9][A-Za-z0-9-]{0,19}$`)

// addPost makes a post and tells the stations.
func (o *office) addPost(ctx context.Context, p store.Post, by string) error {
	name, err := cleanName(p.Name)
	if err != nil {
		return err
	}
	p.Name = name
	if !postCode.MatchString(p.Code) {
		return fmt.Errorf("the post code %q cannot be used: 1 to 20 letters, digits and dashes", p.Code)
	}
	if err := o.store.AddPost(ctx, p); err != nil {
		return err
	}
	return errors.Join(o.lists.Refresh(ctx), o.audit(ctx, by, "post add", p.Code))
}

// findPost gives the code of a post named by its code or name, and makes it
// when there is none.
func (o *office) findPost(ctx context.Context, name string) (string, error) {
	posts, err := o.store.Posts(ctx)
	if err != nil {
		return "", err
	}
	for _, p := range posts {
		if strings.EqualFold(p.Code, name) || strings.EqualFold(p.Name, strings.TrimSpace(name)) {
			return p.Code, nil
		}
	}
	code := strings.ToUpper(name)
	for n := len(posts) + 1; !postCode.MatchString(code); n++ {
		free := fmt.Sprintf("P%d", n)
		if !slices.ContainsFunc(posts, func(p store.Post) bool { return strings.EqualFold(p.Code, free) }) {
			code = free
		}
	}
	return code, o.addPost(ctx, store.Post{Code: code, Name: name, Kind: "road"}, "command")
}

type postList struct{}

func (postList) Run(c *call) error {
	return c.withOffice(func(o *office) error {
		posts, err := o.store.Posts(c.ctx)
		if err != nil {
			return err
		}
		out := json.NewEncoder(c.stdout)
		for _, p := range posts {
			line := struct {
				Code string      `json:"code"`
				Name string      `json:"name"`
				Kind string      `json:"kind"`
				At   *[2]float64 `json:"at,omitempty"`
			}{p.Code, p.Name, p.Kind, p.At}
			if err := out.Encode(line); err != nil {
				return err
			}
		}
		return nil
	})
}
