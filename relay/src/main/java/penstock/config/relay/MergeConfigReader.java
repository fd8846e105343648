package penstock.config.relay;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import penstock.config.ConfigSection;
import penstock.config.SourceText;
import penstock.text.Suggestion;

/** Reads and checks {@code merge}. Stateless. */
final class MergeConfigReader {
    private static final String MERGE = "merge";
    private static final String EXAMPLE = "{ quote { from = [binance, kraken] } }";
    private static final long HOUR_MS = 3_600_000;

    private MergeConfigReader() {
    }

    /** By the names of the channels; {@code feeds} are those that there are. */
    static Map<String, MergeConfig> read(final ConfigSection root, final Set<String> feeds) {
        final ConfigValue written = root.has(MERGE) ? root.written(MERGE) : null;
        if (written != null && !(written instanceof ConfigObject)) {
            root.problem(MERGE, "must be channels like " + EXAMPLE + ", got " + SourceText.kind(written));
            return Map.of();
        }
        final ConfigSection section = root.section(MERGE);
        final Map<String, MergeConfig> merges = new TreeMap<>();
        for (final String channel : section.keys()) {
            merges.put(channel, merge(section.section(channel), feeds));
        }
        if (!merges.isEmpty() && feeds.contains(MergeConfig.FEED)) {
            root.problem("feeds", "has a feed " + MergeConfig.FEED + ", which is the name of the feed of merge; take "
                + "another name");
        }
        return Collections.unmodifiableMap(merges);
    }

    private static MergeConfig merge(final ConfigSection section, final Set<String> feeds) {
        final List<String> from = section.texts("from");
        if (from.size() < 2) {
            section.problem("from", "must name two feeds or more; write it like from = [binance, kraken]");
        }
        if (new HashSet<>(from).size() < from.size()) {
            section.problem("from", "names a feed twice; remove one");
        }
        for (final String feed : from) {
            if (!feeds.contains(feed)) {
                section.problem("from", "names " + SourceText.of(feed) + ", which is no feed; "
                    + (feeds.isEmpty() ? "write feeds { … }" : Suggestion.remedy(feed, feeds)));
            }
        }
        return new MergeConfig(List.copyOf(from),
            section.choice("prefer", MergeConfig.Prefer.FRESHEST, MergeConfig.Prefer.class),
            section.durationMs("max-age", 2_000, 1, HOUR_MS));
    }
}
