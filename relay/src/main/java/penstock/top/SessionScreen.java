package penstock.top;

import java.util.List;
import java.util.Map;
import org.jline.utils.AttributedStyle;

/** The sessions of a screen: the worst ones in a table, or one with all that is known. Stateless. */
final class SessionScreen {
    private static final int SESSION = 15;
    private static final int ADDRESS = 22;
    private static final int NUMBER = 9;
    private static final int WHY = 10;
    private static final int BAD_MS = 1_000;
    private static final int GAP = 2;
    private static final int HEADS = 2;

    private SessionScreen() {
    }

    /** The table, with as many rows as end at {@code rows}. */
    static void all(final ScreenLines lines, final RelayFigures figures, final TopState state, final int rows) {
        final RelayLook look = figures.look();
        if (!look.origin().isAnswered()) {
            lines.add(ScreenLines.FAINT, "the sessions are not in the counters file").end();
            return;
        }
        final List<Map<String, Object>> sessions = look.answers().sessions();
        final int room = Math.max(0, rows - lines.size() - HEADS + 1);
        lines.cell(ScreenLines.HEAD, "session", SESSION + GAP, false);
        lines.cell(ScreenLines.HEAD, "client", ADDRESS, false).cell(ScreenLines.HEAD, "address", ADDRESS, false);
        for (final String head : TopState.SORTS) {
            final boolean isOrder = head.equals(state.sort());
            lines.cell(isOrder ? ScreenLines.HEAD.bold() : ScreenLines.HEAD, isOrder ? head + "↓" : head, NUMBER, true);
            if (head.equals("late")) {
                lines.cell(ScreenLines.HEAD, "behind", NUMBER, true).cell(ScreenLines.HEAD, "  why", WHY + GAP, false);
            }
        }
        lines.cell(ScreenLines.HEAD, "topics", NUMBER, true).endFilled(ScreenLines.HEAD);
        for (final Map<String, Object> each : sessions.subList(0, Math.min(sessions.size(), room))) {
            row(lines, each, AdminJson.text(each, "session").equals(state.selected()));
        }
        if (sessions.isEmpty()) {
            lines.add(ScreenLines.FAINT, "no session is open").end();
        }
    }

    private static void row(final ScreenLines lines, final Map<String, Object> session, final boolean isSelected) {
        final long late = AdminJson.number(session, "late");
        final AttributedStyle style = isSelected ? ScreenLines.HEAD : ScreenLines.PLAIN;
        final AttributedStyle harm = isSelected ? ScreenLines.HEAD : late >= BAD_MS ? ScreenLines.WARN : style;
        lines.cell(style, AdminJson.text(session, "session"), SESSION + GAP, false);
        lines.cell(style, AdminJson.text(session, "principal"), ADDRESS - 1, false).add(style, " ");
        lines.cell(style, AdminJson.text(session, "address"), ADDRESS, false);
        lines.cell(harm, FigureText.ms(late), NUMBER, true);
        lines.cell(style, FigureText.ms(AdminJson.number(session, "behind")), NUMBER, true);
        lines.cell(harm, "  " + AdminJson.text(session, "why"), WHY + GAP, false);
        lines.cell(style, FigureText.ms(AdminJson.number(session, "blocked")), NUMBER, true);
        lines.cell(style, FigureText.bytes(AdminJson.number(session, "waiting")), NUMBER, true);
        lines.cell(style, FigureText.count(AdminJson.number(session, "missed")), NUMBER, true);
        lines.cell(style, FigureText.count(AdminJson.number(session, "topics")), NUMBER, true);
        if (isSelected) {
            lines.endFilled(style);
        } else {
            lines.end();
        }
    }

    /** One session. */
    static void one(final ScreenLines lines, final RelayLook look, final String name) {
        final Map<String, Object> session = look.answers().one();
        if (session == null || !AdminJson.text(session, "session").equals(name)) {
            lines.add(ScreenLines.WARN, "session " + name + " is not open, or its figures come in a moment").end();
            return;
        }
        lines.add(ScreenLines.HEAD, "session " + name).endFilled(ScreenLines.HEAD);
        pair(lines, "client", AdminJson.text(session, "principal"));
        pair(lines, "address", AdminJson.text(session, "address") + " (" + AdminJson.text(session, "endpoint") + ')');
        pair(lines, "open for", FigureText.ms(AdminJson.number(session, "open")));
        pair(lines, "late", FigureText.ms(AdminJson.number(session, "late")) + ", behind "
            + FigureText.ms(AdminJson.number(session, "behind")) + why(session));
        pair(lines, "blocked", FigureText.ms(AdminJson.number(session, "blocked")) + ", in all "
            + FigureText.ms(AdminJson.number(session, "blockedInAll")) + "; "
            + FigureText.bytes(AdminJson.number(session, "waiting")) + " wait");
        pair(lines, "got", FigureText.count(AdminJson.number(session, "updates")) + " updates, "
            + FigureText.bytes(AdminJson.number(session, "bytes")) + "; "
            + FigureText.count(AdminJson.number(session, "missed")) + " missed");
        for (final Map<String, Object> each : AdminJson.objects(session, "details")) {
            lines.end().add(ScreenLines.BOLD, "subscription " + AdminJson.text(each, "sub")).add(ScreenLines.PLAIN, ": "
                + AdminJson.text(each, "channel") + ", mode " + AdminJson.text(each, "mode") + ", interval "
                + FigureText.ms(AdminJson.number(each, "interval")) + ", " + AdminJson.number(each, "topics")
                + " topics").end();
            lines.add(ScreenLines.PLAIN, "  late " + FigureText.ms(AdminJson.number(each, "late")) + why(each) + "; "
                + AdminJson.number(each, "outstanding") + " topics are not up to date").end();
            for (final Map<String, Object> topic : AdminJson.objects(each, "oldest")) {
                lines.add(ScreenLines.PLAIN, "    " + AdminJson.text(topic, "s") + "  q " + AdminJson.number(topic, "q")
                    + ", was sent " + AdminJson.number(topic, "sent") + ", " + FigureText.ms(
                        AdminJson.number(topic, "age")) + " ago").end();
            }
        }
    }

    private static void pair(final ScreenLines lines, final String name, final String value) {
        lines.cell(ScreenLines.FAINT, name, NUMBER + 1, false).add(ScreenLines.PLAIN, value.isEmpty() ? "–" : value)
            .end();
    }

    private static String why(final Map<String, Object> object) {
        final String why = AdminJson.text(object, "why");
        return why.isEmpty() ? "" : ", because of " + why;
    }
}
