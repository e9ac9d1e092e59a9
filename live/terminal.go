package live

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/x/term"
)

// How often a picture is drawn, and a line written where there is no terminal.
const (
	drawEvery  = time.Second
	writeEvery = 5 * time.Second
)

// Terminal draws the pipelines in the terminal that out is, and again every second,
// until ctx ends; then it leaves the last picture there. The terminal is as before after
// that. Colours are left out where the environment has NO_COLOR. It reads no keys: a
// Ctrl-C is for the program to see.
//
// An out that is no terminal gets a line for each pipeline every five seconds, without
// colours, and the last picture. The error is one of writing.
func (v *View) Terminal(ctx context.Context, out io.Writer) error {
	w := v.watcher()
	if f, ok := out.(*os.File); ok && term.IsTerminal(f.Fd()) {
		return errors.Join(w.animate(ctx, f), w.leave(f))
	}
	if err := w.write(ctx, out); err != nil {
		return err
	}
	_, err := fmt.Fprintln(out, plain(draw(w.look(), plainWidth, 0)))
	return written(err)
}

// animate draws until ctx ends.
func (w *watcher) animate(ctx context.Context, out *os.File) error {
	screen := &screen{watcher: w}
	screen.width, screen.height, _ = term.GetSize(out.Fd())
	program := tea.NewProgram(screen, tea.WithContext(ctx), tea.WithOutput(out), tea.WithInput(nil), tea.WithoutSignalHandler())
	_, err := program.Run()
	if ctx.Err() != nil && (errors.Is(err, tea.ErrProgramKilled) || errors.Is(err, ctx.Err())) {
		return nil // it was told to end
	}
	return written(err)
}

// leave leaves the last picture in a terminal.
func (w *watcher) leave(out *os.File) error {
	width, _, err := term.GetSize(out.Fd())
	if err != nil {
		width = plainWidth
	}
	_, err = lipgloss.Fprintln(out, draw(w.look(), width, 0))
	return written(err)
}

// written says what an error is one of.
func written(err error) error {
	if err != nil {
		return fmt.Errorf("live: drawing: %w", err)
	}
	return nil
}

// screen is what bubbletea draws: the picture, looked at every second.
type screen struct {
	*watcher
	width, height int
	picture       picture
}

type tick struct{}

func nextTick() tea.Cmd { return tea.Tick(drawEvery, func(time.Time) tea.Msg { return tick{} }) }

// Init looks for the first time.
func (s *screen) Init() tea.Cmd {
	s.picture = s.look()
	return nextTick()
}

// Update looks again, or takes note of another size.
func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
	case tick:
		s.picture = s.look()
		return s, nextTick()
	}
	return s, nil
}

// View draws the picture.
func (s *screen) View() tea.View {
	view := tea.NewView(draw(s.picture, s.width, s.height))
	view.AltScreen = true
	return view
}
