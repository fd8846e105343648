package penstock.top;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import org.jline.utils.AttributedString;

/**
 * Makes the screen of figures: the same figures, choices and size give the same lines. First whether prices are live
 * and what is wrong, then how much flows, how long it takes, and the sessions that are served worst. Stateless.
 */
final class TopScreen {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final long US_PER_MS = 1_000;
    private static final int MAX_FINDINGS = 4;
    private static final String LEASE_ACTIVE = "penstock_lease_active";
    private static final int MAX_FEEDS = 8;
    private static final int STAGE = 20;
    private static final int NUMBER = 11;
    private static final List<String> HELP = List.of(
        "q  Esc        end; of one session: back to all",
        "s             sort the sessions by the next of late, blocked, waiting, missed",
        "up  down      choose a session",
        "Enter         show all about the session, and back",
        "k             close the session, after a question; its client comes back at once",
        "p  Space      stand still, and go on",
        "?  h          these keys; any key goes back",
        "",
        "late          how much later its values are than it asked for",
        "behind        the age of the oldest value that it does not have yet, at most",
        "why           socket: the client reads slowly    rate, bandwidth, interval: it asked for it",
        "              request, rights: its subscriptions change    relay: the io threads are behind",
        "blocked       for how long its socket has taken no whole frame",
        "waiting       bytes in the relay that wait for the socket",
        "missed        updates that are missing in mode all",
        "",
        "conflation    updates that were conflated into each one that was delivered",
        "threads       the part of a core that each uses");

    private TopScreen() {
    }

    /** The lines of a screen of {@code rows} lines; the last one is that of keys and questions. */
    static List<AttributedString> lines(final RelayFigures figures, final TopState state, final int columns,
            final int rows) {
        final ScreenLines lines = new ScreenLines(columns);
        head(lines, figures, state);
        final List<AttributedString> shown = new ArrayList<>();
        if (state.isHelp()) {
            lines.end();
            HELP.forEach(text -> lines.add(ScreenLines.PLAIN, text).end());
        } else {
            findings(lines, figures.look());
            feeds(lines, figures);
            RoleScreen.edges(lines, figures);
            if (state.isDetail()) {
                SessionScreen.one(lines.end(), figures.look(), state.selected());
            } else {
                flow(lines, figures);
                latencies(lines, figures);
                SessionScreen.all(lines.end(), figures, state, rows - 1);
            }
        }
        shown.addAll(lines.first(rows - 1));
        while (shown.size() < rows - 1) {
            shown.add(AttributedString.EMPTY);
        }
        shown.addAll(foot(state, columns).first(1));
        return shown;
    }

    /** The first line: are prices live, and where is this from? */
    private static void head(final ScreenLines lines, final RelayFigures figures, final TopState state) {
        final RelayLook look = figures.look();
        final String time = TIME.format(Instant.ofEpochMilli(look.epochUs() / US_PER_MS)) + " UTC"
            + (state.isPaused() ? ", stands still" : "");
        if (state.problem() != null) {
            lines.add(ScreenLines.BAD, "NO ANSWER SINCE " + time + ": these figures are old").end();
            lines.add(ScreenLines.PLAIN, state.problem()).end();
            return;
        }
        if (!look.origin().isAnswered()) {
            lines.add(ScreenLines.BAD, "the process does not answer: figures of its counters file, "
                + look.origin().place() + ", " + time).end();
            lines.add(look.origin().state().equals("running") ? ScreenLines.WARN : ScreenLines.BAD,
                look.origin().state()).add(ScreenLines.PLAIN, "; " + look.origin().why()).end();
            return;
        }
        final List<Map<String, Object>> feeds = look.answers().feeds();
        if (feeds == null) {
            lines.add(ScreenLines.BAD, "PRICES: NOT KNOWN").add(ScreenLines.PLAIN,
                "  the feed thread does not answer");
        } else {
            final long live = feeds.stream().filter(TopScreen::isLive).count();
            final boolean isStandby = live == 0 && look.metrics().sum(LEASE_ACTIVE) == 0;
            lines.add(isStandby ? ScreenLines.WARN : live == feeds.size() ? ScreenLines.GOOD : ScreenLines.BAD,
                isStandby ? "STANDBY" : live == feeds.size() ? "PRICES ARE LIVE" : live == 0 ? "PRICES ARE NOT LIVE"
                : live + " OF " + feeds.size() + " FEEDS ARE LIVE");
        }
        final String role = look.metrics().role();
        lines.add(ScreenLines.PLAIN, "  " + look.origin().place() + "  " + time
            + (role.equals("standalone") ? "" : "  " + role)).end();
        lease(lines, look);
        RoleScreen.link(lines, look.metrics());
        RoleScreen.bus(lines, look.metrics());
    }

    /** Who is connected, if several relays share the feeds. */
    private static void lease(final ScreenLines lines, final RelayLook look) {
        final double active = look.metrics().sum(LEASE_ACTIVE);
        if (!Double.isNaN(active)) {
            final List<Map<String, Object>> feeds = look.answers().feeds();
            final String who = active > 0 ? "this relay is connected" : feeds == null || feeds.isEmpty() ? "standby"
                : AdminJson.text(feeds.get(0), "detail");
            label(lines, "lease").add(ScreenLines.PLAIN,
                "epoch " + (long) look.metrics().sum("penstock_lease_epoch") + "  " + who).end();
        }
    }

    private static void findings(final ScreenLines lines, final RelayLook look) {
        final List<Map<String, Object>> findings = look.answers().findings();
        if (findings == null) {
            return;
        }
        for (final Map<String, Object> each : findings.subList(0, Math.min(findings.size(), MAX_FINDINGS))) {
            final boolean isCritical = AdminJson.text(each, "severity").equals("critical");
            lines.add(isCritical ? ScreenLines.BAD : ScreenLines.WARN, isCritical ? "CRITICAL " : "WARNING  ");
            lines.add(ScreenLines.BOLD, AdminJson.text(each, "subject") + ": " + AdminJson.text(each, "text"));
            lines.add(ScreenLines.PLAIN,
                ", for " + FigureText.since(AdminJson.number(each, "since"), look.epochUs())).end();
            lines.add(ScreenLines.PLAIN, "         because " + AdminJson.text(each, "cause")).end();
            lines.add(ScreenLines.FAINT, "         " + AdminJson.text(each, "remedy")).end();
        }
        if (findings.size() > MAX_FINDINGS) {
            lines.add(ScreenLines.WARN, "         and " + (findings.size() - MAX_FINDINGS)
                + " more: /admin/v1/findings").end();
        }
    }

    private static void feeds(final ScreenLines lines, final RelayFigures figures) {
        final List<Map<String, Object>> feeds = figures.look().answers().feeds();
        if (feeds == null) {
            return;
        }
        for (final Map<String, Object> feed : feeds.subList(0, Math.min(feeds.size(), MAX_FEEDS))) {
            final boolean isLive = isLive(feed);
            final String name = AdminJson.text(feed, "name");
            final List<Map<String, Object>> connections = AdminJson.objects(feed, "connections");
            lines.add(ScreenLines.BOLD, "feed " + name + "  ");
            lines.add(isLive ? ScreenLines.GOOD : ScreenLines.BAD, AdminJson.text(feed, "state"));
            lines.add(ScreenLines.PLAIN, " for " + FigureText.since(AdminJson.number(feed, "since"),
                figures.look().epochUs()) + (isLive ? "" : ": " + AdminJson.text(feed, "reason")));
            final double in = figures.feedsIn().getOrDefault("feed/" + name,
                figures.feedsIn().size() == 1 ? figures.flow().in() : Double.NaN);
            final long wanted = AdminJson.number(feed, "wanted");
            lines.add(ScreenLines.PLAIN, "  " + FigureText.rate(in) + (wanted == 0 ? "" : "  " + wanted + " topics")
                + "  " + connections.stream().filter(TopScreen::isLive).count() + " of " + connections.size()
                + " connections").end();
        }
        if (feeds.size() > MAX_FEEDS) {
            lines.add(ScreenLines.PLAIN, "and " + (feeds.size() - MAX_FEEDS) + " more feeds: /admin/v1/feeds").end();
        }
    }

    private static boolean isLive(final Map<String, Object> feed) {
        return AdminJson.text(feed, "state").equals("live");
    }

    private static void flow(final ScreenLines lines, final RelayFigures figures) {
        label(lines, "in").add(ScreenLines.BOLD, FigureText.rate(figures.flow().in()));
        label(lines, "  delivered").add(ScreenLines.BOLD, FigureText.rate(figures.flow().delivered()));
        label(lines, "  conflation").add(ScreenLines.BOLD, FigureText.ratio(figures.flow().conflation()));
        label(lines, "  sent").add(ScreenLines.BOLD, FigureText.bytes(figures.flow().bytes()) + "/s");
        label(lines, "  sessions").add(ScreenLines.BOLD, FigureText.count(figures.sessions()));
        label(lines, "  blocked writes").add(ScreenLines.BOLD, FigureText.rate(figures.flow().blocked())).end();
        if (!figures.cores().isEmpty()) {
            final StringJoiner cores = new StringJoiner("  ");
            figures.cores().forEach((owner, part) -> cores.add(owner + ' ' + FigureText.percent(part)));
            label(lines, "threads").add(ScreenLines.PLAIN, cores.toString()).end();
        }
    }

    private static ScreenLines label(final ScreenLines lines, final String text) {
        return lines.add(ScreenLines.PLAIN, text + " ");
    }

    private static void latencies(final ScreenLines lines, final RelayFigures figures) {
        if (figures.look().metrics().buckets("penstock_age_seconds").isEmpty()) {
            return;
        }
        lines.end();
        lines.cell(ScreenLines.HEAD, "latency", STAGE, false);
        for (final String head : List.of("p50", "p90", "p99", "measured")) {
            lines.cell(ScreenLines.HEAD, head, NUMBER, true);
        }
        lines.endFilled(ScreenLines.HEAD);
        for (final StageLatency each : figures.latencies()) {
            lines.cell(ScreenLines.PLAIN, each.stage(), STAGE, false);
            for (final double part : new double[] {each.p50(), each.p90(), each.p99()}) {
                lines.cell(ScreenLines.PLAIN, FigureText.latency(part), NUMBER, true);
            }
            lines.cell(ScreenLines.PLAIN, FigureText.count(each.count()), NUMBER, true).end();
        }
    }

    private static ScreenLines foot(final TopState state, final int columns) {
        final ScreenLines foot = new ScreenLines(columns);
        if (state.asksToKick()) {
            return foot.add(ScreenLines.WARN,
                "close session " + state.selected() + "? y closes it, any other key does not").end();
        }
        return foot.add(ScreenLines.FAINT, state.message().isEmpty()
            ? "q end  s sort  p stand still  up, down, Enter one session  k close it  ? help" : state.message()).end();
    }
}
