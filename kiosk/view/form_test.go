package view

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/test"

	"quachot/internal/record"
	"quachot/kiosk/screen"
)

// However long a form is and wherever the focus stands, the focused field is
// seen with its label, its text, and what the picker found.
func TestFocusIsSeen(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	all := boards{}
	for _, fields := range []int{1, 9, 13, 30} {
		for focus := range fields {
			for _, small := range []bool{false, true} {
				s := states("vi")["waiting"]
				s.Page = &screen.Page{Title: "Biểu mẫu", Small: small, Error: "Một lỗi", Aside: screen.Line{Text: "Dòng sống"}}
				for i := range fields {
					s.Page.Fields = append(s.Page.Fields, screen.FormField{Label: fmt.Sprintf("nhãn-%d", i), Text: fmt.Sprintf("chữ-%d", i)})
				}
				f := &s.Page.Fields[focus]
				f.Focus, f.Help = true, "trợ-giúp"
				f.Options = []screen.Choice{{Key: "1", Text: "chọn-1", Marked: true}, {Key: "2", Text: "chọn-2"}}
				seen := map[string]bool{}
				for _, text := range uncovered(all.lay(s, sizes[0])) {
					seen[text.Text] = true
				}
				for _, want := range []string{f.Label, f.Text, f.Help, "chọn-1", "chọn-2"} {
					if !seen[want] {
						t.Errorf("%d fields, focus on %d, small %v: %q is not seen", fields, focus, small, want)
					}
				}
			}
		}
	}
}

// Of a text that is too long for its field, the end is seen: what is being typed.
func TestTheEndOfALongTextIsSeen(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	s := states("vi")["waiting"]
	s.Page = &screen.Page{Title: "Ghi chú", Fields: []screen.FormField{{Label: "Ghi", Text: strings.Repeat("rất dài ", 40) + "kết thúc", Focus: true}}}
	for _, text := range drawn(lay(s, sizes[0])) {
		if strings.HasPrefix(text.Text, "…") && strings.HasSuffix(text.Text, "kết thúc") {
			return
		}
	}
	t.Error("the end of the text is not drawn")
}

// Whatever a page holds, nothing lies off the screen and nothing breaks.
func TestOddPages(t *testing.T) {
	test.NewTempApp(t).Settings().SetTheme(Theme{})
	word := strings.Repeat("dài", 80)
	many := make([]screen.Choice, 60)
	for i := range many {
		many[i] = screen.Choice{Key: "1", Text: word, Detail: word, Marked: i == 59}
	}
	rows := make([][]string, 99)
	for i := range rows {
		rows[i] = []string{word, "", word}
	}
	odd := map[string]screen.Page{
		"empty":      {},
		"words":      {Title: word, Lead: word, Error: word + " " + word, Aside: screen.Line{Text: word}, Text: []string{word, "", word + "\t" + word}},
		"choices":    {Title: "x", Choices: many},
		"options":    {Fields: []screen.FormField{{Label: word, Text: word, Error: word, Help: word, Focus: true, Options: many}}},
		"flags":      {Fields: []screen.FormField{{Flags: []screen.Flag{{Key: "A", Text: word}, {Key: "B", Text: word, On: true}}}}},
		"no rows":    {Table: &screen.Table{Head: []string{"a"}, Row: -1}},
		"no head":    {Table: &screen.Table{Rows: rows, Row: 98, Wide: []float32{1, 0}, Right: []bool{true}}},
		"far row":    {Table: &screen.Table{Rows: rows[:3], Row: 400}},
		"no bars":    {Chart: &screen.Chart{Title: word, Names: []string{word, word}}},
		"odd bars":   {Chart: &screen.Chart{Kinds: []record.Verdict{0, 99}, Bars: []screen.Bar{{Label: word, Parts: []float64{-1, math.NaN(), math.Inf(1), 0, 1e300}}}}},
		"everything": {Title: "x", Fields: formFields(), Choices: many, Pad: true, Table: long(), Chart: hours(), Text: helpText(), Error: "e", Aside: screen.Line{Text: "a"}},
	}
	all := boards{}
	for name, p := range odd {
		for _, size := range append([]fyne.Size{{Width: 300, Height: 100}}, sizes...) {
			for _, p.Small = range []bool{false, true} {
				s := states("vi")["check"]
				s.Page = &p
				for _, text := range drawn(all.lay(s, size)) {
					if pos := text.Position(); pos.X < -1 || pos.X+min(text.MinSize().Width, text.Size().Width) > size.Width+1 {
						t.Errorf("%s at %v, small %v: %.20q lies off the screen at %v", name, size, p.Small, text.Text, pos)
					}
				}
			}
		}
	}
}
