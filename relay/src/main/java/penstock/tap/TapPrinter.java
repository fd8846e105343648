package penstock.tap;

import java.io.IOException;
import java.io.PrintStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import penstock.wire.Mode;
import penstock.wire.request.Resume;

/**
 * Prints messages as lines, and keeps the ledger and the totals.
 *
 * <p>Owned by the thread that reads the messages; the totals may be read after that has ended.
 */
final class TapPrinter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS")
        .withZone(ZoneOffset.UTC);
    private static final String NO_TIME = "--:--:--.------";
    private static final int MAX_SHOWN_SYMBOLS = 10;
    /** The reason of symbols that the relay has forgotten: their sequences begin again. */
    private static final String FORGOTTEN = "not_subscribed";
    /** The only subscription of a tap. */
    private static final String SUBSCRIPTION = "0";
    private final PrintStream out;
    private final TapOptions options;
    private final SequenceLedger ledger = new SequenceLedger();
    private final TapPosition position = new TapPosition();
    private final TapSentences sentences = new TapSentences();
    private final TapTable table;
    /** The position of a resuming subscribe that has no reply yet; null if there is none. */
    private Resume resuming;
    private long brokenBooks;
    private long updateCount;
    private long conflatedCount;
    private long missedCount;
    private long byteCount;
    private boolean isDone;
    private int rejectedStatus;

    TapPrinter(final PrintStream out, final TapOptions options) {
        this.out = out;
        this.options = options;
        table = new TapTable(options.subscription());
    }

    void header() {
        if (!options.isRaw()) {
            out.println(line("time (UTC)", "symbol", "q", "c", "state", "value"));
            out.flush();
        }
    }

    /** Handles one message. True if a limit is reached or the output is closed. */
    boolean onMessage(final CharSequence message) {
        byteCount += utf8Bytes(message);
        if (options.isRaw()) {
            out.append(message).println();
            onValue();
        } else {
            try {
                onProtocolMessage(message.toString().toCharArray());
            } catch (final IOException | RuntimeException e) {
                out.println("?? not a message of the protocol (" + firstLine(e) + "): " + message);
            }
        }
        return out.checkError() || isDone;
    }

    long brokenCount() {
        return ledger.brokenCount() + brokenBooks;
    }

    long updateCount() {
        return updateCount;
    }

    /** The position to resume at after a lost connection; null if there is none. */
    Resume resume() {
        return position.resume();
    }

    /** A subscribe was sent on a new connection, resuming at {@code from}; null if it does not resume. */
    void onReconnect(final Resume from) {
        resuming = from;
        if (from == null) {
            restart();
        }
    }

    /** The status of the error reply to the subscription; 0 if there was none. */
    int rejectedStatus() {
        return rejectedStatus;
    }

    String summary(final double seconds) {
        return String.format(java.util.Locale.ROOT, "%d updates, %d conflated, %s%d bytes in %.1f s%s",
            updateCount, conflatedCount, missed(), byteCount, seconds, options.isRaw() ? "" : ", " + verdict());
    }

    private String verdict() {
        if (brokenCount() > 0) {
            return "LEDGER BROKEN " + brokenCount() + " times";
        }
        return updateCount > 0 ? "ledger ok" : "no value came: the ledger shows nothing";
    }

    private String missed() {
        final long unconfirmed = ledger.unconfirmedCount();
        return missedCount == 0 ? "" : missedCount + " missed"
            + (unconfirmed == 0 ? ", " : " (" + unconfirmed + " of them not confirmed yet), ");
    }

    private void restart() {
        ledger.restart(SUBSCRIPTION);
        table.clear();
    }

    private void onProtocolMessage(final char[] text) throws IOException {
        final Map<String, String> message = TapMessages.fields(text, 0, text.length);
        final String type = message.getOrDefault("type", "?");
        position.onMessage(message);
        show(type, message);
        if (options.form() == TapOptions.Form.EXPLAINED) {
            out.println("   = " + sentences.of(message));
        }
    }

    private void show(final String type, final Map<String, String> message) throws IOException {
        switch (type) {
            case "snapshot", "update" -> onData(type.equals("snapshot"), message);
            case "heartbeat", "pong" -> {
                if (!options.isQuiet()) {
                    note(message);
                }
            }
            case "error" -> {
                note(message);
                if ("1".equals(message.get("id"))) {
                    rejectedStatus = Math.max(1, (int) number(message, "status"));
                    isDone = true;
                }
            }
            case "status" -> {
                if ("symbols".equals(message.get("scope"))) {
                    symbolStatus(message);
                } else {
                    note(message);
                }
            }
            default -> {
                note(message);
                if (type.equals("welcome")) {
                    ledger.onEpoch(message.get("epoch"));
                    table.onFeed(message.getOrDefault("feed", "{}"));
                } else if (type.equals("ack")) {
                    onAck(message);
                } else if (type.equals("gap")) {
                    missedCount += number(message, "missed");
                    ledger.onGap(message.getOrDefault("sub", SUBSCRIPTION), number(message, "p"),
                        number(message, "missed"));
                }
            }
        }
    }

    private void onAck(final Map<String, String> message) throws IOException {
        TapMessages.texts(message.getOrDefault("warnings", "[]"))
            .forEach(warning -> out.println("-- warning: " + warning));
        if (message.containsKey("effective")) {
            table.onEffective(message.get("effective"));
        }
        if (resuming != null) {
            final boolean isResumed = "true".equals(message.get("resumed"));
            out.println((isResumed ? "-- resumed" : "-- full snapshot: the relay cannot resume") + " after p "
                + resuming.p() + " of epoch " + resuming.epoch());
            if (isResumed) {
                missedCount -= ledger.onResumed(SUBSCRIPTION, resuming.p());
            } else {
                restart();
            }
            resuming = null;
        }
    }

    private void onData(final boolean isSnapshot, final Map<String, String> message) throws IOException {
        final String subscription = message.getOrDefault("sub", SUBSCRIPTION);
        final String time = time(message.get("ts"));
        ledger.onEpoch(message.get("epoch"));
        TapMessages.entries(message.getOrDefault("data", "[]"), (symbol, entry) -> {
            if (isDone) {
                return;
            }
            final long q = number(entry, "q");
            final long c = number(entry, "c");
            out.println(line(time, symbol, Long.toString(q), c == 0 ? "" : Long.toString(c),
                entry.getOrDefault("st", isSnapshot ? "image" : "live"),
                value(isSnapshot, symbol, entry)));
            printProblem(isSnapshot ? ledger.onSnapshot(subscription, symbol, q)
                : ledger.onUpdate(subscription, symbol, q, c));
            final String problem = table.problem(symbol);
            brokenBooks += problem == null ? 0 : 1;
            printProblem(problem);
            conflatedCount += c;
            onValue();
        });
        if (isSnapshot && options.subscription().mode() == Mode.ONCE && "true".equals(message.get("last"))) {
            isDone = true;
        }
    }

    private String value(final boolean isImage, final String symbol, final Map<String, String> entry) {
        final String text = entry.getOrDefault("v", "");
        try {
            return table.apply(isImage, symbol, text, TapMessages.texts(entry.getOrDefault("removed", "[]")));
        } catch (final IOException | RuntimeException e) {
            return text + "  ?? cannot be applied: " + firstLine(e);
        }
    }

    private void printProblem(final String problem) {
        if (problem != null) {
            out.println(problem);
        }
    }

    private void onValue() {
        updateCount++;
        isDone |= updateCount == options.limits().count();
    }

    /**
     * One line for any number of symbols:
     * {@code -- 502 symbols stale since 12:00:01.000000 (gap) on 0: A, B, … and 492 more}.
     */
    private void symbolStatus(final Map<String, String> message) throws IOException {
        final List<String> symbols = TapMessages.texts(message.getOrDefault("symbols", "[]"));
        final boolean isLong = options.isQuiet() && symbols.size() > MAX_SHOWN_SYMBOLS;
        final String shown = String.join(", ", isLong ? symbols.subList(0, MAX_SHOWN_SYMBOLS) : symbols);
        out.println("-- " + symbols.size() + (symbols.size() == 1 ? " symbol " : " symbols ")
            + message.getOrDefault("state", "?")
            + " since " + time(message.get("since"))
            + (message.containsKey("reason") ? " (" + message.get("reason") + ")" : "")
            + " on " + message.getOrDefault("sub", SUBSCRIPTION) + ": " + shown
            + (isLong ? " and " + (symbols.size() - MAX_SHOWN_SYMBOLS) + " more" : ""));
        if (FORGOTTEN.equals(message.get("reason")) || "denied".equals(message.get("state"))) {
            symbols.forEach(symbol -> ledger.forget(message.getOrDefault("sub", SUBSCRIPTION), symbol));
        }
    }

    private void note(final Map<String, String> message) {
        final StringBuilder text = new StringBuilder("-- ").append(message.getOrDefault("type", "?"));
        message.forEach((name, value) -> {
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

    private static long number(final Map<String, String> fields, final String name) {
        final String text = fields.get(name);
        return text == null ? 0 : Long.parseLong(text);
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
