package penstock.usage;

import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What happened, event by event, and the report reckoned from it in the plainest way: it knows neither tallies, batches
 * nor records. One thread.
 */
final class ReckonedUsage {
    static final long HOUR_MS = 3_600_000;

    /** One session's use of a product, and what it received, by time. */
    static final class Use {
        final Licence licence;
        final String device;
        final long openMs;
        final Map<Long, Integer> delivered = new TreeMap<>();
        long closeMs = Long.MAX_VALUE;

        Use(final Licence licence, final String device, final long openMs) {
            this.licence = licence;
            this.device = device;
            this.openMs = openMs;
        }
    }

    /** An licence, from when to when. */
    static final class Active {
        final Licence licence;
        final long fromMs;
        long toMs = Long.MAX_VALUE;

        Active(final Licence licence, final long fromMs) {
            this.licence = licence;
            this.fromMs = fromMs;
        }
    }

    final List<Use> uses = new ArrayList<>();
    final List<Active> actives = new ArrayList<>();

    String report(final YearMonth month, final boolean byDevice, final boolean enabled, final String product) {
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
            + "units,most_concurrent,first_use,last_use,updates\r\n" + String.join("", lines.values());
    }

    private static void add(final Map<String, String> lines, final YearMonth month, final Licence each,
            final String device, final List<Use> uses, final boolean isEntitled) {
        final long startMs = ms(month);
        final long endMs = ms(month.plusMonths(1));
        long updates = 0;
        long firstMs = Long.MAX_VALUE;
        long lastMs = Long.MIN_VALUE;
        long most = 0;
        for (final Use use : uses) {
            for (final Map.Entry<Long, Integer> delivery : use.delivered.entrySet()) {
                final long atMs = delivery.getKey();
                if (atMs >= startMs && atMs < endMs) {
                    updates += delivery.getValue();
                    firstMs = Math.min(firstMs, Math.max(use.openMs, atMs - atMs % HOUR_MS));
                    lastMs = Math.max(lastMs, Math.min(Math.min(use.closeMs, atMs - atMs % HOUR_MS + HOUR_MS),
                        endMs - 1));
                }
            }
            final long seenMs = Math.max(use.openMs, startMs);
            most = Math.max(most, uses.stream().filter(other -> other.openMs <= seenMs && other.closeMs >= seenMs)
                .count());
        }
        if (updates > 0 || isEntitled) {
            lines.put(key(each) + (device == null ? "" : device), month + "," + quoted(each.product())
                + (each.display() ? ",display," : ",non-display,") + quoted(each.principal())
                + (device == null ? "" : "," + quoted(device)) + ",1," + most + ","
                + (updates == 0 ? "," : time(firstMs) + "," + time(lastMs)) + "," + updates + "\r\n");
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
