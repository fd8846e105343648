package penstock.top;

import java.io.IOException;
import java.util.List;

/** The view of a relay in a terminal: keys, figures and the screen. Owned by the main thread. */
final class TopView {
    private static final long LOOK_AT_NEWS_MS = 100;

    private final TopTerminal terminal;
    private final LookTimer looks;
    private final TopState state = new TopState();
    private LookTimer.News news;

    TopView(final TopTerminal terminal, final LookTimer looks) {
        this.terminal = terminal;
        this.looks = looks;
        news = looks.news();
    }

    /** What the relay is asked for a screen of {@code rows} lines. */
    static RelayLook.Question question(final TopState state, final int rows) {
        return new RelayLook.Question(state.sort(), Math.max(1, Math.min(rows, 500)),
            state.isDetail() ? state.selected() : null);
    }

    /** Runs until a key ends it. */
    void run() throws IOException {
        ask(true);
        boolean isOld = true;
        while (true) {
            if (terminal.takeResize()) {
                ask(true);
                isOld = true;
            }
            final LookTimer.News newest = looks.news();
            if (newest.version() != news.version()) {
                news = newest;
                isOld = true;
                state.problem(newest.problem());
                if (newest.kicked() != null) {
                    state.say(newest.kicked());
                }
            }
            if (isOld) {
                terminal.draw(TopScreen.lines(news.figures(), state, terminal.columns(), terminal.rows()));
            }
            final TopKey key = terminal.key(LOOK_AT_NEWS_MS);
            isOld = key != null;
            if (key != null && press(key)) {
                return;
            }
        }
    }

    /** Returns whether that was the end. */
    private boolean press(final TopKey key) {
        final List<String> sessions = news.figures().look().answers().sessions().stream()
            .map(session -> AdminJson.text(session, "session")).toList();
        final TopState.Request request = state.press(key, sessions);
        looks.pause(state.isPaused());
        switch (request) {
            case LOOK -> ask(true);
            case KICK -> {
                state.say("closing session " + state.selected() + " …");
                looks.kick(state.selected());
            }
            case QUIT -> {
                return true;
            }
            default -> ask(false);
        }
        return false;
    }

    private void ask(final boolean isNow) {
        looks.ask(question(state, terminal.rows()), isNow);
    }
}
