package penstock.bench.bandwidth;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import penstock.testkit.SinkSocket;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/**
 * Prints how many bytes an upstream update costs on a subscriber's line, by its options: a table in
 * Markdown, from a recording and its receive times.
 *
 * <pre>java -cp bench/target/benchmarks.jar penstock.bench.bandwidth.BandwidthTable \
 *     VENUE CHANNEL FIELDS RECORDING.jsonl.gz</pre>
 */
public final class BandwidthTable {
    private static final int[] INTERVALS_MS = {0, 100, 250, 1000};
    private static final double HOUR_NS = 3_600e9;

    private BandwidthTable() {
    }

    /** See the class. */
    public static void main(final String[] args) throws IOException {
        if (args.length != 4) {
            System.err.println("usage: BandwidthTable VENUE CHANNEL FIELD,FIELD RECORDING.jsonl.gz");
            System.exit(64);
        }
        print(System.out, args[0], args[1], List.of(args[2].split(",")), Path.of(args[3]));
    }

    private static void print(final PrintStream out, final String venue, final String channel,
            final List<String> fields, final Path recording) throws IOException {
        final List<byte[]> frames = lines(recording);
        final long[] times = lines(Path.of(recording.toString().replace(".jsonl.gz", ".rx.gz"))).stream()
            .mapToLong(line -> Long.parseLong(new String(line, StandardCharsets.US_ASCII))).toArray();
        final double hours = (times[times.length - 1] - times[0]) / HOUR_NS;
        out.printf(Locale.ROOT, "%s, %s: %.0f s, %.0f bytes per frame upstream%n%n", venue, channel, hours * 3600,
            frames.stream().mapToInt(frame -> frame.length).average().orElse(0));
        out.println("| bytes per update of the upstream | 0 ms | 100 ms | 250 ms | 1000 ms |");
        out.println("|---|---|---|---|---|");
        measure(venue, channel, fields, frames, times, true).forEach((name, row) -> out.println(line(name, row)));
    }

    /**
     * The bytes per update of the upstream by the options of a subscription, at each interval.
     *
     * @param deflates also with permessage-deflate, whose bytes depend on the library of the Java machine
     */
    static Map<String, double[]> measure(final String venue, final String channel, final List<String> fields,
            final List<byte[]> frames, final long[] times, final boolean deflates) {
        final BandwidthRig rig = new BandwidthRig(venue, channel, times[0]);
        final Map<String, List<SinkSocket>> sockets = new LinkedHashMap<>();
        for (final int intervalMs : INTERVALS_MS) {
            for (int i = 0; i < (deflates ? 4 : 2); i++) {
                final boolean hasRows = i % 2 > 0;
                final boolean isDeflated = i > 1;
                final String how = (hasRows ? ", rows" : "") + (isDeflated ? ", deflate" : "");
                add(sockets, "whole" + how, rig.open(channel, terms(intervalMs, null, null), hasRows, isDeflated));
                add(sockets, "`fields` " + String.join(", ", fields) + how,
                    rig.open(channel, terms(intervalMs, fields, null), hasRows, isDeflated));
                add(sockets, "`delta`" + how, rig.open(channel, terms(intervalMs, null, true), hasRows, isDeflated));
                add(sockets, "`fields` and `delta`" + how,
                    rig.open(channel, terms(intervalMs, fields, true), hasRows, isDeflated));
            }
        }
        for (int i = 0; i < frames.size(); i++) {
            rig.onFrame(frames.get(i), times[i]);
        }
        rig.advance(times[times.length - 1] + 2_000_000_000L);
        final Map<String, double[]> bytes = new LinkedHashMap<>();
        sockets.forEach((name, row) -> bytes.put(name,
            row.stream().mapToDouble(socket -> (double) socket.bytes() / rig.updates()).toArray()));
        return bytes;
    }

    /** A line of the table in Markdown. */
    static String line(final String name, final double[] bytes) {
        final StringBuilder line = new StringBuilder("| ").append(name).append(" |");
        for (final double each : bytes) {
            line.append(String.format(Locale.ROOT, each < 20 ? " %.1f |" : " %.0f |", each));
        }
        return line.toString();
    }

    private static void add(final Map<String, List<SinkSocket>> sockets, final String name, final SinkSocket socket) {
        sockets.computeIfAbsent(name, key -> new ArrayList<>()).add(socket);
    }

    private static SubscriptionOptions terms(final int intervalMs, final List<String> fields, final Boolean delta) {
        return new SubscriptionOptions(Mode.CONFLATE, intervalMs, null, -1, -1, new ContentOptions(fields, delta, -1));
    }

    private static List<byte[]> lines(final Path file) throws IOException {
        final List<byte[]> lines = new ArrayList<>();
        final ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (InputStream in =
                new BufferedInputStream(new GZIPInputStream(Files.newInputStream(file), 1 << 16), 1 << 16)) {
            for (int b = in.read(); b >= 0; b = in.read()) {
                if (b == '\n') {
                    lines.add(line.toByteArray());
                    line.reset();
                } else {
                    line.write(b);
                }
            }
        }
        if (line.size() > 0) {
            lines.add(line.toByteArray());
        }
        return lines;
    }
}
