package penstock.top;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;
import org.jline.utils.Signals;

/**
 * The terminal while the view has it: keys come one by one, and the screen is the view's. It is as before after
 * {@link #close}. A signal that ends the view only makes its next key {@link TopKey#INTERRUPT}: JLine sets the modes of
 * the terminal as it reads, so one that another thread puts back while the view reads would not stay so. Owned by the
 * main thread.
 */
final class TopTerminal implements AutoCloseable {
    private static final int ESCAPE = 27;
    /** Terminals send the rest of a key at once. */
    private static final long REST_OF_KEY_MS = 50;

    /** Signals that end the view, with their numbers. */
    private static final Map<String, Integer> ENDING = Map.of("HUP", 1, "INT", 2, "TERM", 15);

    private final Terminal terminal;
    private final boolean hasColours;
    private final Attributes before;
    private final Display display;
    private Size size;
    private volatile boolean isResized;
    private volatile int signal;

    private TopTerminal(final Terminal terminal, final boolean hasColours) {
        this.terminal = terminal;
        this.hasColours = hasColours;
        ENDING.forEach((name, number) -> Signals.register(name, () -> signal = number));
        terminal.handle(Terminal.Signal.WINCH, signal -> isResized = true);
        before = terminal.enterRawMode();
        final Attributes raw = terminal.getAttributes();
        // Ctrl-C and Ctrl-Z are keys: a signal would leave the screen as it is
        raw.setLocalFlag(Attributes.LocalFlag.ISIG, false);
        terminal.setAttributes(raw);
        terminal.puts(Capability.enter_ca_mode);
        terminal.puts(Capability.cursor_invisible);
        display = new Display(terminal, true);
        resize();
    }

    /** Takes the terminal; null if standard input and output are none, or one that cannot move its cursor. */
    static TopTerminal open(final boolean hasColours) throws IOException {
        final Terminal terminal;
        try {
            terminal = TerminalBuilder.builder().system(true).provider("exec").dumb(false).nativeSignals(true).build();
        } catch (final IllegalStateException none) {
            return null;
        }
        if (terminal.getStringCapability(Capability.enter_ca_mode) == null
                || terminal.getStringCapability(Capability.cursor_address) == null) {
            terminal.close();
            return null;
        }
        return new TopTerminal(terminal, hasColours);
    }

    int columns() {
        return size.getColumns();
    }

    int rows() {
        return size.getRows();
    }

    /** Whether the window has another size since the last call; then everything is to be drawn. */
    boolean takeResize() {
        if (!isResized) {
            return false;
        }
        isResized = false;
        resize();
        return true;
    }

    /** The signal that ends the view; 0: none. */
    int signal() {
        return signal;
    }

    /**
     * The next key; null if none comes within {@code withinMs}, {@link TopKey#INTERRUPT} after a signal, and if the
     * terminal is gone.
     */
    TopKey key(final long withinMs) throws IOException {
        if (signal != 0) {
            return TopKey.INTERRUPT;
        }
        final NonBlockingReader keys = terminal.reader();
        final int first = keys.read(withinMs);
        if (first == NonBlockingReader.READ_EXPIRED) {
            return null;
        }
        if (first == NonBlockingReader.EOF) {
            return TopKey.INTERRUPT;
        }
        if (first != ESCAPE) {
            return TopKey.of(first);
        }
        final int second = keys.read(REST_OF_KEY_MS);
        return second == '[' || second == 'O' ? TopKey.ofEscape(keys.read(REST_OF_KEY_MS)) : TopKey.ESCAPE;
    }

    /** Shows these lines, which fit. */
    void draw(final List<AttributedString> lines) {
        final List<AttributedString> shown = new ArrayList<>();
        lines.forEach(line -> shown.add(hasColours ? line : withoutColours(line)));
        display.update(shown, 0);
    }

    @Override
    public void close() throws IOException {
        terminal.puts(Capability.cursor_normal);
        terminal.puts(Capability.exit_ca_mode);
        terminal.flush();
        terminal.setAttributes(before);
        terminal.close();
    }

    private void resize() {
        size = terminal.getSize();
        display.resize(size.getRows(), size.getColumns());
        display.clear();
    }

    /** Bold and inverse stay. */
    private static AttributedString withoutColours(final AttributedString line) {
        final AttributedStringBuilder plain = new AttributedStringBuilder();
        for (int i = 0; i < line.length(); i++) {
            final AttributedStyle style = line.styleAt(i);
            plain.styled(style.foregroundOff().backgroundOff(), line.subSequence(i, i + 1).toString());
        }
        return plain.toAttributedString();
    }
}
