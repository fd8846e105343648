package penstock.top;

/** The keys of the view. */
enum TopKey {
    /** The end, or back. */
    QUIT,
    /** Ctrl-C: the end from anywhere. */
    INTERRUPT,
    /** Back. */
    ESCAPE,
    /** The next order of sessions. */
    SORT,
    /** Stands still, or goes on. */
    PAUSE,
    /** The keys. */
    HELP,
    /** The session above. */
    UP,
    /** The session below. */
    DOWN,
    /** One session, or all. */
    ENTER,
    /** Closes a session. */
    KICK,
    /** Yes, to a question. */
    YES,
    /** Any other. */
    OTHER;

    private static final int CTRL_C = 3;
    private static final int CTRL_D = 4;

    /** Of one character. */
    static TopKey of(final int character) {
        return switch (character) {
            case 'q', 'Q' -> QUIT;
            case CTRL_C, CTRL_D -> INTERRUPT;
            case 's', 'S' -> SORT;
            case 'p', 'P', ' ' -> PAUSE;
            case '?', 'h' -> HELP;
            case '\r', '\n' -> ENTER;
            case 'k' -> KICK;
            case 'y', 'Y' -> YES;
            default -> OTHER;
        };
    }

    /** Of the character behind {@code ESC [} or {@code ESC O}. */
    static TopKey ofEscape(final int character) {
        return switch (character) {
            case 'A' -> UP;
            case 'B' -> DOWN;
            default -> OTHER;
        };
    }
}
