package command

import "errors"

type checkCmd struct {
	JSON bool `name:"json" help:"JSON instead of words."`
}

func (checkCmd) Run(c *call) error { return errors.New("soon") }
