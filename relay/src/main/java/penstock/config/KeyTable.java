package penstock.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The keys of one object of a file, declared once beside the code that reads them: name, type, default, allowed values
 * and a meaning of one line. Readers read by what they declare here, and the page of every key is generated from it.
 * {@code orElse} is the default as the page shows it: code between {@code `}, or words like {@link #REQUIRED}.
 * Filled while the class of a reader is initialised, by its thread; only read afterwards, by any thread.
 */
public final class KeyTable {
    /** The default of a key that must be there. */
    public static final String REQUIRED = "required";
    /** The default of a key that is simply absent. */
    public static final String NONE = "–";

    private final String path;
    private final List<Row> own;
    private final List<Row> shared;

    /**
     * A key as the page shows it.
     *
     * @param object the path of the object that has it
     * @param name   its name in that object
     */
    public record Row(String object, String name, String type, String orElse, String meaning) {
        /** The whole path of the key. */
        public String key() {
            return join(object, name);
        }
    }

    /** A key with {@code true} or {@code false}. */
    public record FlagKey(String name, boolean orElse) {
        /** The value, or the default. */
        public boolean read(final ConfigSection section) {
            return section.flag(name, orElse);
        }
    }

    /** A key with a name of an enum. */
    public record ChoiceKey<E extends Enum<E>>(String name, E orElse, Class<E> type) {
        /** The value, or the default. */
        public E read(final ConfigSection section) {
            return read(section, orElse);
        }

        /** The value, or a default that depends on other keys. */
        public E read(final ConfigSection section, final E instead) {
            return section.choice(name, instead, type);
        }

        /** The value; absence is a problem and reads as {@code instead}. */
        public E required(final ConfigSection section, final E instead) {
            return section.requiredChoice(name, instead, type);
        }
    }

    /** A key with a whole number. */
    public record NumberKey(String name, int orElse, int min, int max) {
        /** The value, or the default. */
        public int read(final ConfigSection section) {
            return section.integer(name, orElse, min, max);
        }
    }

    /** A key with a duration. */
    public record DurationKey(String name, long orElseMs, long minMs, long maxMs) {
        /** The value, or the default. */
        public long readMs(final ConfigSection section) {
            return readMs(section, orElseMs);
        }

        /** The value, or a default that depends on other keys. */
        public long readMs(final ConfigSection section, final long insteadMs) {
            return section.durationMs(name, insteadMs, minMs, maxMs);
        }
    }

    /** A key with a size in bytes. */
    public record SizeKey(String name, int orElse, int min, int max) {
        /** The value, or the default. */
        public int read(final ConfigSection section) {
            return (int) section.bytes(name, orElse, min, max);
        }
    }

    private KeyTable(final String path, final List<Row> own, final List<Row> shared) {
        this.path = path;
        this.own = own;
        this.shared = shared;
    }

    /** The keys of the object at {@code path}; empty for the top level. */
    public static KeyTable of(final String path) {
        return new KeyTable(path, new ArrayList<>(), new ArrayList<>());
    }

    /** The keys of an object inside; its rows are among those of this table. */
    public KeyTable section(final String key) {
        return new KeyTable(join(path, key), own, shared);
    }

    /** Where the object is. */
    public String path() {
        return path;
    }

    /** All keys: those of the object itself, then those of each object inside, in the order of their declarations. */
    public List<Row> rows() {
        final Map<String, List<Row>> byObject = new LinkedHashMap<>(Map.of(path, new ArrayList<>()));
        own.forEach(row -> byObject.computeIfAbsent(row.object(), object -> new ArrayList<>()).add(row));
        shared.forEach(row -> byObject.computeIfAbsent(row.object(), object -> new ArrayList<>()).add(row));
        return byObject.values().stream().flatMap(List::stream).toList();
    }

    /** A key with anything that needs code of its own, described by {@code type}; returns its name. */
    public String key(final String name, final String type, final String orElse, final String meaning) {
        own.add(new Row(path, name, type, orElse, meaning));
        return name;
    }

    /** A key with {@code true} or {@code false}. */
    public FlagKey flag(final String name, final boolean orElse, final String meaning) {
        return new FlagKey(key(name, "true or false", code(orElse), meaning), orElse);
    }

    /** A key with a name of an enum. */
    public <E extends Enum<E>> ChoiceKey<E> choice(final String name, final E orElse, final String meaning) {
        return choice(name, orElse.getDeclaringClass(), code(ConfigSection.spelling(orElse)), orElse, meaning);
    }

    /** A key with a name of an enum, whose default depends on other keys. */
    public <E extends Enum<E>> ChoiceKey<E> choice(final String name, final Class<E> type, final String orElse,
            final String meaning) {
        return choice(name, type, orElse, null, meaning);
    }

    private <E extends Enum<E>> ChoiceKey<E> choice(final String name, final Class<E> type, final String shown,
            final E orElse, final String meaning) {
        return new ChoiceKey<>(key(name, "one of " + ConfigSection.spellings(type), shown, meaning), orElse, type);
    }

    /** A key with a whole number, within inclusive bounds. */
    public NumberKey number(final String name, final int orElse, final int min, final int max,
            final String meaning) {
        return number(name, code(orElse), orElse, min, max, meaning);
    }

    /** A key with a whole number, whose default needs words. */
    public NumberKey number(final String name, final String shown, final int orElse, final int min, final int max,
            final String meaning) {
        return new NumberKey(key(name, "whole number, " + min + " to " + max, shown, meaning), orElse, min, max);
    }

    /** A key with a duration, within inclusive bounds. */
    public DurationKey duration(final String name, final long orElseMs, final long minMs, final long maxMs,
            final String meaning) {
        return duration(name, code(ConfigUnits.duration(orElseMs)), orElseMs, minMs, maxMs, meaning);
    }

    /** A key with a duration, whose default needs words. */
    public DurationKey duration(final String name, final String shown, final long orElseMs, final long minMs,
            final long maxMs, final String meaning) {
        final String type = "duration, " + ConfigUnits.duration(minMs) + " to " + ConfigUnits.duration(maxMs);
        return new DurationKey(key(name, type, shown, meaning), orElseMs, minMs, maxMs);
    }

    /** A key with a size, within inclusive bounds. */
    public SizeKey size(final String name, final int orElse, final int min, final int max, final String meaning) {
        final String type = "size, " + ConfigUnits.bytes(min) + " to " + ConfigUnits.bytes(max);
        final String shown = orElse == Integer.MAX_VALUE ? "no limit" : code(ConfigUnits.bytes(orElse));
        return new SizeKey(key(name, type, shown, meaning), orElse, min, max);
    }

    /** The same keys, of which one means something else; for keys that several objects have. */
    public KeyTable with(final String name, final String orElse, final String meaning) {
        final KeyTable other = of(path);
        rows().forEach(row -> other.own.add(row.name().equals(name)
            ? new Row(row.object(), name, row.type(), orElse, meaning) : row));
        return other;
    }

    /** The same keys, all with this meaning. */
    public KeyTable withMeaning(final String meaning) {
        final KeyTable other = of(path);
        rows().forEach(row -> other.own.add(new Row(row.object(), row.name(), row.type(), row.orElse(), meaning)));
        return other;
    }

    /** Adds keys that another class reads, in the object at {@code key}; empty: in this object itself. */
    public KeyTable include(final String key, final KeyTable others) {
        final String object = join(path, key);
        others.rows().forEach(row ->
            shared.add(new Row(object, row.name(), row.type(), row.orElse(), row.meaning())));
        return this;
    }

    private static String join(final String path, final String key) {
        return path.isEmpty() || key.isEmpty() ? path + key : path + "." + key;
    }

    private static String code(final Object value) {
        return "`" + value + "`";
    }
}
