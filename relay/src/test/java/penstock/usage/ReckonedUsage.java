package penstock.usage;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What happened, event by event, and the report reckoned from it in the plainest way: it knows neither tallies, batches
 * nor records. One thread.
 */
public final class ReckonedUsage {
    /** The interval of the ledger. */
    public static final long HOUR_MS = 3_600_000;

    /** One session's use of a product, and what it received, by time; or one request's. */
    public static final class Use {
        final Licence licence;
        final String device;
        final long openMs;
        final Map<Long, Integer> delivered = new TreeMap<>();
        final Map<Long, Integer> images = new TreeMap<>();
        long closeMs = Long.MAX_VALUE;
        boolean isRequest;

        /** Begins then. */
        public Use(final Licence licence, final String device, final long openMs) {
            this.licence = licence;
            this.device = device;
            this.openMs = openMs;
        }

        /** It received an update, or an image. */
        public void receive(final boolean isImage, final long nowMs) {
            (isImage ? images : delivered).merge(nowMs, 1, Integer::sum);
        }

        /** It ends. */
        public void end(final long nowMs) {
            closeMs = nowMs;
        }

        /** It is a request, which is no session. */
        public Use ofRequest() {
            isRequest = true;
            closeMs = openMs;
            return this;
        }
    }

    /** An licence, from when to when. */
    public static final class Active {
        final Licence licence;
        final long fromMs;
        long toMs = Long.MAX_VALUE;

        /** Begins then. */
        public Active(final Licence licence, final long fromMs) {
            this.licence = licence;
            this.fromMs = fromMs;
        }

        /** It ends. */
        public void end(final long nowMs) {
            toMs = nowMs;
        }
    }

    /** What was used. */
    public final List<Use> uses = new ArrayList<>();
    /** Who was entitled. */
    public final List<Active> actives = new ArrayList<>();

    /** The report of a month; {@code product}: null = all. */
    public String report(final YearMonth month, final boolean byDevice, final boolean enabled, final String product) {
        final Map<String, String> lines = new TreeMap<>();
        final long startMs = ms(month);
        final long endMs = ms(month.plusMonths(1));
        final List<Use> open = uses.stream().filter(use -> use.openMs < endMs && use.closeMs >= startMs).toList();
        final List<Licence> entitled = actives.stream()
            .filter(active -> active.fromMs < endMs && active.toMs >= startMs).map(active -> active.licence)
            .distinct().toList();
        final List<Licence> all = Stream.concat(open.stream().map(use -> use.licence), entitled.stream())
            .distinct().filter(each -> product == null || product.equals(each.product())).toList();
        for (final Licence each : all) {
            final List<Use> own = open.stream().filter(use -> use.licence.equals(each)).toList();
            final boolean isEntitled = enabled && entitled.contains(each);
            final Function<Use, String> unit = use -> byDevice ? use.device : "";
            final List<String> units = own.stream().map(unit).distinct().toList();
            for (final String name : units) {
                add(lines, month, each, byDevice ? name : null,
                    own.stream().filter(use -> unit.apply(use).equals(name)).toList(), isEntitled);
            }
            final boolean isSeen = lines.keySet().stream().anyMatch(key -> key.startsWith(key(each)));
            if (isEntitled && !isSeen) {
                add(lines, month, each, byDevice ? "" : null, List.of(), true);
            }
        }
        return "month,product,use,user," + (byDevice ? "device," : "")
            + "units,most_concurrent,first_use,last_use,updates,images\r\n" + String.join("", lines.values());
    }

    private static void add(final Map<String, String> lines, final YearMonth month, final Licence each,
            final String device, final List<Use> uses, final boolean isEntitled) {
        final long startMs = ms(month);
        final long endMs = ms(month.plusMonths(1));
        long updates = 0;
        long images = 0;
        long firstMs = Long.MAX_VALUE;
        long lastMs = Long.MIN_VALUE;
        long most = 0;
        for (final Use use : uses) {
            final Set<Long> times = new TreeSet<>(use.delivered.keySet());
            times.addAll(use.images.keySet());
            for (final long atMs : times) {
                if (atMs >= startMs && atMs < endMs) {
                    updates += use.delivered.getOrDefault(atMs, 0);
                    images += use.images.getOrDefault(atMs, 0);
                    firstMs = Math.min(firstMs, Math.max(use.openMs, atMs - atMs % HOUR_MS));
                    lastMs = Math.max(lastMs, Math.min(Math.min(use.closeMs, atMs - atMs % HOUR_MS + HOUR_MS),
                        endMs - 1));
                }
            }
            final long seenMs = Math.max(use.openMs, startMs);
            most = Math.max(most, uses.stream().filter(other -> !other.isRequest
                && other.openMs <= seenMs && other.closeMs >= seenMs).count());
        }
        if (updates + images > 0 || isEntitled) {
            lines.put(key(each) + (device == null ? "" : device), month + "," + quoted(each.product())
                + (each.display() ? ",display," : ",non-display,") + quoted(each.principal())
                + (device == null ? "" : "," + quoted(device)) + ",1," + most + ","
                + (updates + images == 0 ? "," : time(firstMs) + "," + time(lastMs)) + "," + updates + "," + images
                + "\r\n");
        }
    }

    /** Sorts as the report does: no name has a character below the separator but the line feed, which none begins. */
    private static String key(final Licence each) {
        return each.product() + '\1' + (each.display() ? 0 : 1) + '\1' + each.principal() + '\1';
    }

    private static String quoted(final String text) {
        return text.matches("(?s).*[,\"\r\n].*") ? '"' + text.replace("\"", "\"\"") + '"' : text;
    }

    private static String time(final long ms) {
        final String text = Instant.ofEpochMilli(ms).toString();
        return text.length() == 20 ? text.replace("Z", ".000Z") : text;
    }

    private static long ms(final YearMonth month) {
        return month.atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli();
    }
}
