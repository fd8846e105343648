package penstock.top;

import java.util.List;

/** What the user of the view has chosen, by keys. Owned by the main thread. */
final class TopState {
    /** The orders of sessions, as the admin API names them. */
    static final List<String> SORTS = List.of("late", "blocked", "waiting", "missed");

    private int sort;
    private boolean isPaused;
    private boolean isHelp;
    /** The session of the cursor; null = none yet. */
    private String selected;
    private boolean isDetail;
    private boolean asksToKick;
    private String message = "";
    private String problem;

    /** What a key asks for beyond the view itself. */
    enum Request {
        /** The view changes, or nothing. */
        NONE,
        /** The relay is to be asked again. */
        LOOK,
        /** The selected session is to be closed. */
        KICK,
        /** The end. */
        QUIT
    }

    /** A key was pressed while {@code sessions} were shown, in this order. */
    Request press(final TopKey key, final List<String> sessions) {
        message = "";
        if (key == TopKey.INTERRUPT) {
            return Request.QUIT;
        }
        if (asksToKick) {
            asksToKick = false;
            message = key == TopKey.YES ? "" : "not closed";
            return key == TopKey.YES ? Request.KICK : Request.NONE;
        }
        if (isHelp) {
            isHelp = false;
            return Request.NONE;
        }
        return switch (key) {
            case QUIT -> {
                final boolean wasDetail = isDetail;
                isDetail = false;
                yield wasDetail ? Request.LOOK : Request.QUIT;
            }
            case ESCAPE -> {
                isDetail = false;
                yield Request.LOOK;
            }
            case SORT -> {
                sort = (sort + 1) % SORTS.size();
                selected = null;
                yield Request.LOOK;
            }
            case PAUSE -> {
                isPaused = !isPaused;
                yield isPaused ? Request.NONE : Request.LOOK;
            }
            case HELP -> {
                isHelp = true;
                yield Request.NONE;
            }
            case UP, DOWN -> {
                move(key == TopKey.UP ? -1 : 1, sessions);
                yield isDetail ? Request.LOOK : Request.NONE;
            }
            case ENTER -> {
                select(sessions);
                isDetail = selected != null && !isDetail;
                yield Request.LOOK;
            }
            case KICK -> {
                select(sessions);
                asksToKick = selected != null;
                message = asksToKick ? "" : "there is no session to close";
                yield Request.NONE;
            }
            default -> Request.NONE;
        };
    }

    /** What the sessions are sorted by. */
    String sort() {
        return SORTS.get(sort);
    }

    boolean isPaused() {
        return isPaused;
    }

    boolean isHelp() {
        return isHelp;
    }

    /** Whether one session is shown with all details. */
    boolean isDetail() {
        return isDetail;
    }

    /** Whether the next key says if the selected session is to be closed. */
    boolean asksToKick() {
        return asksToKick;
    }

    /** The session of the cursor; null = none. */
    String selected() {
        return selected;
    }

    /** What happened last, for the last line; empty if nothing did. */
    String message() {
        return message;
    }

    /** Shows {@code text} until the next key. */
    void say(final String text) {
        message = text;
    }

    /** Why there are no newer figures; null if there are. */
    String problem() {
        return problem;
    }

    /** There are no newer figures, or, with null, there are again. */
    void problem(final String why) {
        problem = why;
    }

    /** The cursor begins at the first session, and where its session was if that is gone. */
    private void select(final List<String> sessions) {
        if (selected == null && !sessions.isEmpty()) {
            selected = sessions.get(0);
        }
    }

    private void move(final int by, final List<String> sessions) {
        if (sessions.isEmpty()) {
            return;
        }
        final int at = selected == null ? -1 : sessions.indexOf(selected);
        selected = sessions.get(at < 0 ? 0 : Math.max(0, Math.min(sessions.size() - 1, at + by)));
    }
}
