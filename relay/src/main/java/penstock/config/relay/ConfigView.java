package penstock.config.relay;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigObject;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import penstock.config.SourceText;

/** Every value of a configuration, with secrets masked: where it comes from, and what it would be. Immutable. */
public final class ConfigView {
    private static final Pattern OF_FEEDS = Pattern.compile("^feeds\\.(\"[^\"]*\"|[^.]+)\\.");
    /** One address may be written under the key of several. */
    private static final String URLS = ".urls";

    private static final Pattern LINE = Pattern.compile(":[0-9]+$");

    private static final String NOTHING = "\"\"";

    /**
     * One value.
     *
     * @param key    the key, with dots
     * @param value  the value as HOCON
     * @param origin file and line, the variable, or the option that sets it; null = it is the default
     * @param usual  the default as HOCON; null if there is none
     */
    public record Entry(String key, String value, String origin, String usual) {
        /** Whether it is not the default. */
        public boolean isChanged() {
            return !value.equals(usual);
        }
    }

    /**
     * A value that is another one in a newer configuration.
     *
     * @param before null: there was no such key, as with a new feed
     * @param after  null: there is no such key any more
     */
    public record Change(String key, String before, String after) {
        @Override
        public String toString() {
            return after == null ? key + " is gone, was " + before
                : key + " = " + after + (before == null ? ", which is new" : ", was " + before);
        }
    }

    private final List<Entry> entries = new ArrayList<>();

    /**
     * Of a configuration that was read from what is {@code written}; {@code defaults} was read from nothing but the
     * defaults.
     */
    ConfigView(final RelayConfig config, final RelayConfig defaults, final ConfigObject written) {
        final Map<String, String> usual = EffectiveConfig.values(defaults);
        // the venue has no default
        usual.values().removeIf(NOTHING::equals);
        final Config layers = written.toConfig();
        EffectiveConfig.values(config).forEach((key, value) -> entries.add(new Entry(key, value, origin(layers, key),
            usual.get(OF_FEEDS.matcher(key).replaceFirst("feed.")))));
    }

    /** All values, in the order of the documented configuration. */
    public List<Entry> entries() {
        return entries;
    }

    /** The files, variables and options that set any value, the first one first. */
    public Set<String> sources() {
        final Set<String> sources = new LinkedHashSet<>();
        for (final Entry entry : entries) {
            if (entry.origin != null) {
                sources.add(LINE.matcher(entry.origin).replaceFirst(""));
            }
        }
        return sources;
    }

    private ConfigView(final List<Entry> entries) {
        this.entries.addAll(entries);
    }

    /** What is another value in {@code newer}. Secrets are masked, so that of them nothing is known. */
    public List<Change> changesTo(final ConfigView newer) {
        final Map<String, Entry> before = byKey();
        final List<Change> changes = new ArrayList<>();
        for (final Entry after : newer.entries) {
            final Entry old = before.remove(after.key);
            if (old == null || !old.value.equals(after.value)) {
                changes.add(new Change(after.key, old == null ? null : old.value, after.value));
            }
        }
        before.values().forEach(gone -> changes.add(new Change(gone.key, gone.value, null)));
        return changes;
    }

    /** This one with what {@code newer} says of the keys that are {@code changed}, also that there are none. */
    public ConfigView with(final ConfigView newer, final Predicate<String> changed) {
        final Map<String, Entry> before = byKey();
        final List<Entry> merged = new ArrayList<>();
        for (final Entry after : newer.entries) {
            final Entry old = before.remove(after.key);
            if (changed.test(after.key)) {
                merged.add(after);
            } else if (old != null) {
                merged.add(old);
            }
        }
        before.values().stream().filter(gone -> !changed.test(gone.key)).forEach(merged::add);
        return new ConfigView(merged);
    }

    private Map<String, Entry> byKey() {
        final Map<String, Entry> byKey = new LinkedHashMap<>();
        entries.forEach(entry -> byKey.put(entry.key, entry));
        return byKey;
    }

    private static String origin(final Config layers, final String key) {
        if (layers.hasPath(key)) {
            return SourceText.place(layers.getValue(key));
        }
        final String one = key.endsWith(URLS) ? key.substring(0, key.length() - 1) : key;
        return layers.hasPath(one) ? SourceText.place(layers.getValue(one)) : null;
    }
}
