package penstock.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import penstock.text.Suggestion;

/**
 * Typed access to one HOCON object. An unusable value becomes a problem and reads as the default or a neutral value, so
 * that one run reports every mistake. A key that nothing has read when the problems are thrown is a problem, too; it
 * comes with the nearest known key. A key whose value is {@code null} counts as absent.
 * Owned by the thread that reads the configuration.
 */
public final class ConfigSection {
    /** The place of a default value. */
    public static final String DEFAULTS = "relay.conf (defaults)";

    private static final Pattern WHOLE = Pattern.compile("[+-]?[0-9]{1,18}");

    private final ConfigObject object;
    private final String path;
    private final Problems problems;
    private final Set<String> known = new LinkedHashSet<>();
    private final Map<String, ConfigSection> sections = new HashMap<>();

    /** Reads {@code object}; {@code path} precedes its keys in messages and is empty at the root. */
    public ConfigSection(final ConfigObject object, final String path, final Problems problems) {
        this.object = object;
        this.path = path;
        this.problems = problems;
        problems.atEnd(this::refuseUnknownKeys);
    }

    /** Any number, flag or string, as written. */
    public String text(final String key, final String orElse) {
        final ConfigValue value = value(key);
        return value == null ? orElse : scalar(value, path(key), "text", orElse);
    }

    /** The path of a file or directory, as written; null without one, and if {@code problem} is reported. */
    public String path(final String key, final String problem) {
        final String path = text(key, null);
        if (path != null && (path.isBlank() || path.indexOf('\0') >= 0)) {
            problem(key, problem);
            return null;
        }
        return path;
    }

    /** Like {@link #text}, but absence is a problem and reads as empty. */
    public String requiredText(final String key) {
        if (!has(key)) {
            problem(key, "is missing; add a line: " + key + " = …");
        }
        return text(key, "");
    }

    /** A whole number, within inclusive bounds. */
    public int integer(final String key, final int orElse, final int min, final int max) {
        final ConfigValue value = value(key);
        if (value == null) {
            return orElse;
        }
        final String text = textOf(value).trim();
        if (WHOLE.matcher(text).matches()) {
            final long number = Long.parseLong(text);
            if (number >= min && number <= max) {
                return (int) number;
            }
        }
        refuse(value, key, "must be a whole number from " + min + " to " + max);
        return orElse;
    }

    /**
     * A duration like {@code 5s} or {@code 23h45m} in milliseconds, within inclusive bounds. A number without a unit is
     * in milliseconds.
     */
    public long durationMs(final String key, final long orElse, final long min, final long max) {
        final ConfigValue value = value(key);
        if (value == null) {
            return orElse;
        }
        try {
            final long partsMs = ConfigUnits.partsMs(textOf(value));
            final Duration duration = partsMs < 0 ? alone(value).getDuration("v") : Duration.ofMillis(partsMs);
            final long ms = duration.toMillis();
            if (duration.equals(Duration.ofMillis(ms)) && ms >= min && ms <= max) {
                return ms;
            }
            refuse(value, key, "must be " + range(ConfigUnits.duration(min), max, ConfigUnits.duration(max))
                + " in whole milliseconds");
        } catch (final com.typesafe.config.ConfigException | ArithmeticException wrongUnit) {
            refuse(value, key, "must be a duration like 250ms, 5s or 2m, "
                + range(ConfigUnits.duration(min), max, ConfigUnits.duration(max)));
        }
        return orElse;
    }

    /** A size in bytes, within inclusive bounds; {@code k}, {@code KiB}, {@code MiB} are powers of 1024. */
    public long bytes(final String key, final long orElse, final long min, final long max) {
        final ConfigValue value = value(key);
        if (value == null) {
            return orElse;
        }
        try {
            final long count = alone(value).getBytes("v");
            if (count >= min && count <= max) {
                return count;
            }
            refuse(value, key, "must be " + range(ConfigUnits.bytes(min), max, ConfigUnits.bytes(max)) + " bytes");
        } catch (final com.typesafe.config.ConfigException wrongUnit) {
            refuse(value, key, "must be a size like 64k, 512KiB or 8MiB, "
                + range(ConfigUnits.bytes(min), max, ConfigUnits.bytes(max)));
        }
        return orElse;
    }

    /** {@code true} or {@code false}. */
    public boolean flag(final String key, final boolean orElse) {
        final ConfigValue value = value(key);
        if (value == null) {
            return orElse;
        }
        final String text = textOf(value).trim();
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        refuse(value, key, "must be true or false");
        return orElse;
    }

    /** A list of strings, empty when absent. */
    public List<String> texts(final String key) {
        final List<String> texts = new ArrayList<>();
        for (final ConfigValue value : list(key, "a list like [a, b]")) {
            final String text = scalar(value, path(key), "a list of strings", null);
            if (text != null) {
                texts.add(text);
            }
        }
        return List.copyOf(texts);
    }

    /** One of the names of an enum: {@code LAST_VALUE} is written {@code last-value}. */
    public <E extends Enum<E>> E choice(final String key, final E orElse, final Class<E> type) {
        final ConfigValue value = value(key);
        if (value == null) {
            return orElse;
        }
        final String text = textOf(value);
        for (final E candidate : type.getEnumConstants()) {
            if (spelling(candidate).equals(text)) {
                return candidate;
            }
        }
        refuse(value, key, "must be one of " + spellings(type));
        return orElse;
    }

    /** Like {@link #choice}, but absence is a problem. */
    public <E extends Enum<E>> E requiredChoice(final String key, final E orElse, final Class<E> type) {
        if (!has(key)) {
            problem(key, "is missing; it is one of " + spellings(type));
        }
        return choice(key, orElse, type);
    }

    /** The result of {@code compile}; if it throws, its message is a problem of {@code key} and the result null. */
    public <T> T compiled(final String key, final Supplier<T> compile) {
        try {
            return compile.get();
        } catch (final IllegalArgumentException e) {
            problem(key, e.getMessage());
            return null;
        }
    }

    /** True when {@code key} has a value. */
    public boolean has(final String key) {
        return value(key) != null;
    }

    /** A list of strings, or one string alone; empty when absent. */
    public List<String> textOrTexts(final String key) {
        return isText(key) ? List.of(text(key, "")) : texts(key);
    }

    /** True if {@code key} has a string, at a place that allows a list or an object too. */
    public boolean isText(final String key) {
        final ConfigValue value = value(key);
        return value != null && value.valueType() == ConfigValueType.STRING;
    }

    /** The object at {@code key}, empty when absent. */
    public ConfigSection section(final String key) {
        return sections.computeIfAbsent(key, this::newSection);
    }

    private ConfigSection newSection(final String key) {
        final ConfigValue value = value(key);
        if (value instanceof ConfigObject) {
            return new ConfigSection((ConfigObject) value, path(key), problems);
        }
        if (value != null) {
            problem(key, "must be an object like { key = value }, got " + SourceText.kind(value));
        }
        final ConfigObject none = ConfigValueFactory.fromMap(Map.of());
        return new ConfigSection(none.withOrigin(origin(key)), path(key), problems);
    }

    /** The objects of the list at {@code key}, none when absent; their paths are {@code key[0]}, {@code key[1]}. */
    public List<ConfigSection> sections(final String key) {
        final List<ConfigSection> sections = new ArrayList<>();
        int i = 0;
        for (final ConfigValue value : list(key, "a list of objects like [{ key = value }]")) {
            final String place = path(key) + "[" + i++ + "]";
            if (value instanceof ConfigObject) {
                sections.add(new ConfigSection((ConfigObject) value, place, problems));
            } else {
                problems.add(value.origin(), place, "must be an object like { key = value }, got "
                    + SourceText.kind(value));
            }
        }
        return List.copyOf(sections);
    }

    /** This object, with some keys of another one where it lacks them. */
    public ConfigSection withDefaults(final ConfigSection other, final String... keys) {
        ConfigObject merged = object;
        for (final String key : keys) {
            if (!object.containsKey(key) && other.object.containsKey(key)) {
                merged = merged.withValue(key, other.object.get(key));
            }
        }
        known.addAll(object.keySet());
        return new ConfigSection(merged, path, problems);
    }

    /** The strings at {@code key} by their own keys, in the order of their lines; empty when absent. */
    public Map<String, String> textMap(final String key) {
        final ConfigSection section = section(key);
        final Map<String, String> texts = new LinkedHashMap<>();
        for (final String name : section.keys()) {
            final ConfigValue value = section.value(name);
            final String text = value == null ? null
                : scalar(value, section.path(name), "text (quote a key that has dots)", null);
            if (text != null) {
                texts.put(name, text);
            }
        }
        return texts;
    }

    /** The parsed value at {@code key}, an explicit {@code null} too; Java's null when absent. */
    public ConfigValue written(final String key) {
        known.add(key);
        return object.get(key);
    }

    /** The keys of this object, in alphabetical order. Does not mark them as known. */
    public Set<String> keys() {
        return new TreeSet<>(object.keySet());
    }

    /** The path of this object, empty at the root. */
    public String path() {
        return path;
    }

    /** The file, the line and the path of {@code key}, for messages after the start. */
    public String place(final String key) {
        return SourceLocation.of(origin(key)) + ": " + path(key);
    }

    /** Adds a problem at the line of {@code key}, or at this object's line if it is absent. */
    public void problem(final String key, final String message) {
        problems.add(origin(key), path(key), message);
    }

    /** Adds a problem of several keys, at the first one that is not a default. */
    public void problemBetween(final String message, final String... keys) {
        final Stream<String> written = Arrays.stream(keys)
            .filter(key -> !SourceLocation.of(origin(key)).file().equals(DEFAULTS));
        problem(written.findFirst().orElse(keys[0]), message);
    }

    private void refuseUnknownKeys() {
        for (final String key : keys()) {
            if (!known.contains(key)) {
                problem(key, "unknown key; " + Suggestion.remedy(key, known));
            }
        }
    }

    private ConfigValue value(final String key) {
        known.add(key);
        final ConfigValue value = object.get(key);
        return value == null || value.valueType() == ConfigValueType.NULL ? null : value;
    }

    /** Refuses each of these keys that is present: the language has them, this version does not. */
    public void refuseUnsupported(final String... keys) {
        for (final String key : keys) {
            if (object.containsKey(key)) {
                known.add(key);
                problem(key, "is not in this version; remove it");
            }
        }
    }

    private ConfigOrigin origin(final String key) {
        final ConfigValue value = object.get(key);
        return value == null ? object.origin() : value.origin();
    }

    private String path(final String key) {
        final String name = ConfigUtil.joinPath(key);
        return path.isEmpty() ? name : path + "." + name;
    }

    private List<ConfigValue> list(final String key, final String expected) {
        final ConfigValue value = value(key);
        if (value instanceof ConfigList) {
            return (ConfigList) value;
        }
        if (value != null) {
            problem(key, "must be " + expected + ", got " + SourceText.kind(value));
        }
        return List.of();
    }

    private String scalar(final ConfigValue value, final String place, final String expected, final String orElse) {
        final ConfigValueType type = value.valueType();
        if (type == ConfigValueType.STRING || type == ConfigValueType.NUMBER || type == ConfigValueType.BOOLEAN) {
            return textOf(value);
        }
        problems.add(value.origin(), place, "must be " + expected + ", got " + SourceText.kind(value));
        return orElse;
    }

    private void refuse(final ConfigValue value, final String key, final String expected) {
        problems.add(value.origin(), path(key), expected + ", got " + SourceText.of(value));
    }

    /** The characters of a scalar as written; for other values, a text that no scalar has. */
    private static String textOf(final ConfigValue value) {
        return switch (value.valueType()) {
            case STRING, NUMBER, BOOLEAN -> alone(value).getString("v");
            default -> "\0";
        };
    }

    private static Config alone(final ConfigValue value) {
        return value.atKey("v");
    }

    private static String range(final String min, final long max, final String maxText) {
        return max == Long.MAX_VALUE ? "at least " + min : "from " + min + " to " + maxText;
    }

    static String spellings(final Class<? extends Enum<?>> type) {
        return String.join(", ", Arrays.stream(type.getEnumConstants()).map(ConfigSection::spelling).toList());
    }

    static String spelling(final Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
