package penstock.bench.load.feed;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.LongSummaryStatistics;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * The bookTicker messages of a recording of Binance, under names of our own; with more names than recorded symbols each
 * message once for several names, so that few recorded symbols make a burst of many: symbol i of n recorded ones is the
 * recording of its i-th modulo n. Played again, numbers go on. Written by the scenario's thread.
 */
public final class BurstRecording {
    /** Three digits follow. */
    public static final String PREFIX = "PAIR";

    private static final Pattern TICKER = Pattern.compile("\"stream\":\"([a-z0-9]+)@bookTicker\".*\"u\":(\\d+).*");

    private final Path file;
    private final long[] newest;
    private int messages;

    private BurstRecording(final Path file, final int symbols) {
        this.file = file;
        newest = new long[symbols];
    }

    /**
     * The newest recording of Binance by the date in its name; in the folder of system property penstock.feeds, or
     * beside the project.
     */
    public static Optional<Path> find(final Path home) throws IOException {
        final Path feeds = Path.of(System.getProperty("penstock.feeds", home.resolve("../shared/feeds").toString()))
            .resolve("binance");
        if (!Files.isDirectory(feeds)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(feeds)) {
            return files.filter(each -> each.toString().matches(".*\\d{8}[^/]*(?<!\\.tx)\\.jsonl(\\.gz)?"))
                .max((one, other) -> date(one).compareTo(date(other)));
        }
    }

    /** {@code names} 0 = as many as it has symbols. */
    public static BurstRecording write(final Path recording, final Path target, final int names, final int repeat)
            throws IOException {
        final Map<String, Integer> recorded = new HashMap<>();
        final List<String> lines = lines(recording);
        for (final String line : lines) {
            recorded.computeIfAbsent(name(line), key -> recorded.size());
        }
        if (recorded.isEmpty()) {
            throw new IOException(recording
                + " holds no bookTicker; give a recording of Binance that does with --recording");
        }
        final BurstRecording burst = new BurstRecording(target, names == 0 ? recorded.size() : names);
        final Map<String, LongSummaryStatistics> numbers =
            lines.stream()
            .collect(Collectors.groupingBy(BurstRecording::name, Collectors.summarizingLong(BurstRecording::number)));
        try (BufferedWriter out = Files.newBufferedWriter(target)) {
            for (int time = 0; time < repeat; time++) {
                for (final String line : lines) {
                    final LongSummaryStatistics of = numbers.get(name(line));
                    final long span = of.getMax() - of.getMin() + 1;
                    burst.copy(line, time * span, recorded.get(name(line)), recorded.size(), out);
                }
            }
        }
        return burst;
    }

    public static String symbol(final int index) {
        return String.format(Locale.ROOT, "%s%03d", PREFIX, index);
    }

    public Path file() {
        return file;
    }

    public int names() {
        return newest.length;
    }

    public int messages() {
        return messages;
    }

    /** The number of the last update of a symbol. */
    public long newest(final int symbol) {
        return newest[symbol];
    }

    private void copy(final String recorded, final long plus, final int first, final int step, final Writer out)
            throws IOException {
        final String name = name(recorded);
        final long number = number(recorded) + plus;
        final String line = recorded.replaceFirst("\"u\":\\d+", "\"u\":" + number);
        for (int symbol = first; symbol < newest.length; symbol += step) {
            final String copy = symbol(symbol);
            out.write(line.replace(name + "@", copy.toLowerCase(Locale.ROOT) + "@")
                .replace(name.toUpperCase(Locale.ROOT), copy));
            out.write('\n');
            newest[symbol] = Math.max(newest[symbol], number);
            messages++;
        }
    }

    private static List<String> lines(final Path recording) throws IOException {
        final List<String> lines = new ArrayList<>();
        try (InputStream file = Files.newInputStream(recording);
            InputStream in = recording.toString().endsWith(".gz") ? new GZIPInputStream(file) : file;
            BufferedReader text = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            text.lines().filter(line -> TICKER.matcher(line).find()).forEach(lines::add);
        }
        return lines;
    }

    private static long number(final String line) {
        final Matcher matcher = TICKER.matcher(line);
        return matcher.find() ? Long.parseLong(matcher.group(2)) : 0;
    }

    private static String name(final String line) {
        final Matcher matcher = TICKER.matcher(line);
        return matcher.find() ? matcher.group(1) : "";
    }

    private static String date(final Path recording) {
        final Matcher matcher = Pattern.compile("\\d{8}").matcher(recording.getFileName().toString());
        return matcher.find() ? matcher.group() : "";
    }
}
