package penstock.tap;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import penstock.client.BrokenLedger;
import penstock.client.EventListener;
import penstock.client.PriceGrid;
import penstock.client.TopicView;
import penstock.client.value.MessageEntry;

/**
 * Prints what a subscriber is sent, a line for each value, and keeps the totals. A value that came as a change is
 * printed as the client has it then.
 *
 * <p>Owned by the thread that reads the messages; the totals may be read after that has ended.
 */
final class TapPrinter implements EventListener {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS")
        .withZone(ZoneOffset.UTC);
    private static final String NO_TIME = "--:--:--.------";
    private static final int MAX_SHOWN_SYMBOLS = 10;
    private static final String NOT_OF_THE_PROTOCOL = "not a message of the protocol: ";

    private final PrintStream out;
    private final TapOptions options;
    private final TapSentences sentences = new TapSentences();
    private final ImageOrder images = new ImageOrder();
    /** What the newest resuming subscribe asked for, without an answer yet; null if there is none. */
    private Map<String, String> resuming;
    /** The message that is read; null if it is none of the protocol. */
    private Map<String, String> message;
    private String text;
    private PriceGrid.Totals totals = new PriceGrid.Totals(0, 0, 0, 0);
    private boolean isDelta;
    private int depth;
    private long brokenCount;
    private long updateCount;
    private long conflatedCount;
    private long byteCount;
    private boolean isDone;

    TapPrinter(final PrintStream out, final TapOptions options) {
        this.out = out;
        this.options = options;
        isDelta = Boolean.TRUE.equals(options.subscription().content().delta());
        depth = Math.max(0, options.subscription().content().depth());
    }

    void header() {
        if (!options.isRaw()) {
            out.println(line("time (UTC)", "symbol", "q", "c", "state", "value"));
            out.flush();
        }
    }

    /** A line that is no message's. */
    void print(final String line) {
        out.println(line);
        out.flush();
    }

    /** A payload of a raw session. True if a limit is reached or the output is closed. */
    boolean onPayload(final CharSequence payload) {
        byteCount += utf8Bytes(payload);
        out.append(payload).println();
        onValue();
        return out.checkError() || isDone;
    }

    /** A message came; the client reads it next. */
    void onText(final CharSequence received) {
        byteCount += utf8Bytes(received);
        text = received.toString();
        message = null;
        try {
            final char[] chars = text.toCharArray();
            final Map<String, String> fields = TapMessages.fields(chars, 0, chars.length);
            show(fields.getOrDefault("type", "?"), fields);
            message = fields;
        } catch (final IOException | RuntimeException e) {
            printBad(NOT_OF_THE_PROTOCOL + firstLine(e));
        }
    }

    /** The client could not read what came. */
    void onBadMessage(final String problem) {
        if (message != null) {
            printBad(problem);
        }
    }

    private void printBad(final String problem) {
        out.println("?? " + problem + ": " + text);
    }

    /** The client has read the message. True if a limit is reached or the output is closed. */
    boolean onMessageEnd(final PriceGrid.Totals newTotals) {
        totals = newTotals;
        if (message != null && options.form() == TapOptions.Form.EXPLAINED) {
            try {
                out.println("   = " + sentences.of(message));
            } catch (final IOException | RuntimeException e) {
                printBad(NOT_OF_THE_PROTOCOL + firstLine(e));
            }
        }
        return out.checkError() || isDone;
    }

    /** A request is sent. */
    void onRequest(final String request) {
        try {
            final Map<String, String> fields = TapMessages.fields(request);
            if ("subscribe".equals(fields.get("op"))) {
                resuming = fields.containsKey("resume") ? TapMessages.fields(fields.get("resume")) : null;
            }
        } catch (final IOException e) {
            throw new UncheckedIOException("the client sends JSON", e);
        }
    }

    long brokenCount() {
        return brokenCount;
    }

    long updateCount() {
        return updateCount;
    }

    String summary(final double seconds) {
        return String.format(Locale.ROOT, "%d updates, %d conflated, %s%d bytes in %.1f s%s",
            updateCount, conflatedCount, missed(), byteCount, seconds, options.isRaw() ? "" : ", " + verdict());
    }

    private String verdict() {
        if (brokenCount > 0) {
            return "LEDGER BROKEN " + brokenCount + " times";
        }
        return updateCount > 0 ? "ledger ok" : "no value came: the ledger shows nothing";
    }

    private String missed() {
        return totals.missed() == 0 ? "" : totals.missed() + " missed"
            + (totals.unplaced() == 0 ? ", " : " (" + totals.unplaced() + " of them not confirmed yet), ");
    }

    private void show(final String type, final Map<String, String> fields) throws IOException {
        switch (type) {
            case "snapshot", "update" -> { }
            case "heartbeat", "pong" -> {
                if (!options.isQuiet()) {
                    note(fields);
                }
            }
            case "status" -> {
                if ("symbols".equals(fields.get("scope"))) {
                    symbolStatus(fields);
                } else {
                    note(fields);
                }
            }
            default -> {
                note(fields);
                if (type.equals("ack")) {
                    onAck(fields);
                }
            }
        }
    }

    private void onAck(final Map<String, String> ack) throws IOException {
        TapMessages.texts(ack.getOrDefault("warnings", "[]"))
            .forEach(warning -> out.println("-- warning: " + warning));
        if (ack.containsKey("effective")) {
            final Map<String, String> effective = TapMessages.fields(ack.get("effective"));
            isDelta = "true".equals(effective.get("delta"));
            depth = Integer.parseInt(effective.getOrDefault("depth", "0"));
        }
        final boolean isResumed = "true".equals(ack.get("resumed"));
        if (!isResumed) {
            images.clear();
        }
        if (resuming != null) {
            out.println((isResumed ? "-- resumed" : "-- full snapshot: the relay cannot resume") + " after p "
                + resuming.get("p") + " of epoch " + resuming.get("epoch"));
            resuming = null;
        }
    }

    /** The topics themselves are printed by entries. */
    @Override
    public void onEvent(final TopicView event) {
    }

    @Override
    public void onEntry(final MessageEntry entry, final TopicView topic) {
        if (isDone) {
            return;
        }
        final String state = entry.state() == null ? entry.isImage() ? "image" : "live" : entry.state();
        final StringBuilder value = new StringBuilder();
        if (!entry.isImage() && (isDelta || depth > 0)) {
            value.append(topic.json());
        } else {
            entry.appendValue(value);
        }
        out.println(line(entry.tsUs() == 0 ? NO_TIME : time(Long.toString(entry.tsUs())), topic.symbol(),
            Long.toString(entry.q()), entry.c() == 0 ? "" : Long.toString(entry.c()), state, value.toString()));
        printProblem(images.problem(entry, topic));
        final int levels = Math.max(topic.bids().size(), topic.asks().size());
        printProblem(depth == 0 || levels <= depth ? null : "BOOK BROKEN " + topic.symbol() + ": " + levels
            + " levels on a side, at most " + depth + " expected");
        conflatedCount += entry.c();
        onValue();
    }

    /** The client's ledger did not add up; it subscribes again. */
    void onBroken(final BrokenLedger broken) {
        final long expected = broken.previous() + broken.c() + 1;
        printProblem("LEDGER BROKEN " + broken.symbol() + ": q " + broken.q() + " with c " + broken.c() + " after q "
            + broken.previous() + ", q " + expected + " expected" + (broken.missed() == 0 ? ""
            : "; " + (broken.q() - expected) + " missing, of which gaps announced " + broken.missed()));
    }

    private void printProblem(final String problem) {
        if (problem != null) {
            brokenCount++;
            out.println(problem);
        }
    }

    private void onValue() {
        updateCount++;
        isDone |= updateCount == options.limits().count();
    }

    /**
     * One line for any number of symbols:
     * {@code -- 502 symbols stale since 12:00:01.000000 (gap): A, B, … and 492 more}.
     */
    private void symbolStatus(final Map<String, String> fields) throws IOException {
        final List<String> symbols = TapMessages.texts(fields.getOrDefault("symbols", "[]"));
        final boolean isLong = options.isQuiet() && symbols.size() > MAX_SHOWN_SYMBOLS;
        final String shown = String.join(", ", isLong ? symbols.subList(0, MAX_SHOWN_SYMBOLS) : symbols);
        out.println("-- " + symbols.size() + (symbols.size() == 1 ? " symbol " : " symbols ")
            + fields.getOrDefault("state", "?")
            + " since " + time(fields.get("since"))
            + (fields.containsKey("reason") ? " (" + fields.get("reason") + ")" : "") + ": " + shown
            + (isLong ? " and " + (symbols.size() - MAX_SHOWN_SYMBOLS) + " more" : ""));
        images.forget(symbols, fields);
    }

    private void note(final Map<String, String> fields) {
        final StringBuilder text = new StringBuilder("-- ").append(fields.getOrDefault("type", "?"));
        fields.forEach((name, value) -> {
            if (!name.equals("type")) {
                text.append("  ").append(name).append('=').append(value);
            }
        });
        out.println(text);
    }

    private static String line(final String time, final String symbol, final String q, final String c,
            final String state, final String value) {
        return String.format("%-15s  %-12s %10s %6s  %-6s %s", time, symbol, q, c, state, value);
    }

    private static String time(final String micros) {
        if (micros == null) {
            return NO_TIME;
        }
        return TIME.format(Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS));
    }

    private static String firstLine(final Exception thrown) {
        return String.valueOf(thrown.getMessage()).lines().findFirst().orElse("");
    }

    private static long utf8Bytes(final CharSequence text) {
        long bytes = text.length();
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c >= 0x80) {
                bytes += c < 0x800 || Character.isSurrogate(c) ? 1 : 2; // two surrogates make four bytes
            }
        }
        return bytes;
    }
}
