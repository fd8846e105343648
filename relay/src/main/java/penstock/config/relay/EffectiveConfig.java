package penstock.config.relay;

import com.typesafe.config.ConfigUtil;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import penstock.config.ConfigUnits;
import penstock.config.Inline;
import penstock.config.Secret;
import penstock.text.SecretMask;

/**
 * Writes the configuration as HOCON with masked secrets. The key of a component is its name without the unit, with
 * dashes: {@code sendBufferBytes} is {@code send-buffer}. Stateless.
 */
final class EffectiveConfig {
    private static final Pattern UNIT = Pattern.compile("(?<=.)(Ms|Bytes)$");
    private static final Pattern HUMP = Pattern.compile("([A-Z])");
    private static final Pattern BARE = Pattern.compile("[A-Za-z][A-Za-z0-9-]*|[0-9]+");

    private EffectiveConfig() {
    }

    /** One key per line, objects indented. */
    static String lines(final Record config) {
        final StringBuilder text = new StringBuilder();
        putLines(text, config, "");
        return text.toString();
    }

    /** Each value by its key, in the order of {@link #lines}. */
    static Map<String, String> values(final Record config) {
        final Map<String, String> values = new LinkedHashMap<>();
        putValues(values, config, "");
        return values;
    }

    /** Everything in one line. */
    static String oneLine(final Record config) {
        return "{ " + String.join(", ", assignments(config)) + " }";
    }

    /** The key of a component. */
    static String key(final RecordComponent component) {
        final String plain = UNIT.matcher(component.getName()).replaceFirst("");
        return HUMP.matcher(plain).replaceAll("-$1").toLowerCase(Locale.ROOT);
    }

    private static void putLines(final StringBuilder text, final Record config, final String indent) {
        for (final RecordComponent component : config.getClass().getRecordComponents()) {
            final Object value = valueOf(component, config);
            if (component.isAnnotationPresent(Inline.class)) {
                putLines(text, (Record) value, indent);
            } else if (value instanceof Record record) {
                text.append(indent).append(key(component)).append(" {\n");
                putLines(text, record, indent + "  ");
                text.append(indent).append("}\n");
            } else if (isOfRecords(value)) {
                text.append(indent).append(key(component)).append(" {\n");
                ((Map<?, ?>) value).forEach((name, record) -> {
                    text.append(indent).append("  ").append(text(name.toString())).append(" {\n");
                    putLines(text, (Record) record, indent + "    ");
                    text.append(indent).append("  }\n");
                });
                text.append(indent).append("}\n");
            } else {
                text.append(indent).append(assignment(component, value)).append('\n');
            }
        }
    }

    private static void putValues(final Map<String, String> values, final Record config, final String prefix) {
        for (final RecordComponent component : config.getClass().getRecordComponents()) {
            final Object value = valueOf(component, config);
            final String key = prefix + key(component);
            if (component.isAnnotationPresent(Inline.class)) {
                putValues(values, (Record) value, prefix);
            } else if (value instanceof Record record) {
                putValues(values, record, key + ".");
            } else if (isOfRecords(value)) {
                ((Map<?, ?>) value).forEach((name, record) ->
                    putValues(values, (Record) record, key + "." + ConfigUtil.joinPath(name.toString()) + "."));
            } else {
                values.put(key, written(component, value));
            }
        }
    }

    /** Feeds, products: not the empty map, which is printed like any other value. */
    private static boolean isOfRecords(final Object value) {
        return value instanceof Map<?, ?> map && map.values().stream().anyMatch(Record.class::isInstance);
    }

    private static List<String> assignments(final Record config) {
        final List<String> parts = new ArrayList<>();
        for (final RecordComponent component : config.getClass().getRecordComponents()) {
            final Object value = valueOf(component, config);
            if (component.isAnnotationPresent(Inline.class)) {
                parts.addAll(assignments((Record) value));
            } else {
                parts.add(assignment(component, value));
            }
        }
        return parts;
    }

    private static String assignment(final RecordComponent component, final Object value) {
        return key(component) + " = " + written(component, value);
    }

    private static String written(final RecordComponent component, final Object value) {
        if (value instanceof Record record) {
            return oneLine(record);
        }
        if (value instanceof Collection<?> list) {
            return list.stream().map(item -> text(SecretMask.url(item.toString())))
                .collect(Collectors.joining(", ", "[", "]"));
        }
        if (isOfRecords(value)) {
            return ((Map<?, ?>) value).entrySet().stream()
                .map(entry -> text(entry.getKey().toString()) + " = " + oneLine((Record) entry.getValue()))
                .collect(Collectors.joining(", ", "{ ", " }"));
        }
        if (value instanceof Map<?, ?> map) {
            final boolean isSecret = component.isAnnotationPresent(Secret.class);
            return map.entrySet().stream()
                .map(entry -> text(entry.getKey().toString()) + " = "
                    + text(isSecret ? SecretMask.MASK : plain(entry.getValue())))
                .collect(Collectors.joining(", ", "{", "}"));
        }
        if (value instanceof Number number) {
            return written(component.getName(), number.longValue());
        }
        if (value instanceof Enum<?> constant) {
            return plain(constant);
        }
        if (value instanceof String string) {
            // an address may hold a password
            final String shown = string.contains("://") ? SecretMask.url(string) : string;
            return text(component.isAnnotationPresent(Secret.class) ? SecretMask.MASK : shown);
        }
        return String.valueOf(value);
    }

    private static String plain(final Object value) {
        return value instanceof Enum<?> constant ? constant.name().toLowerCase(Locale.ROOT).replace('_', '-')
            : value.toString();
    }

    private static String written(final String name, final long value) {
        if (name.endsWith("Ms")) {
            return ConfigUnits.duration(value);
        }
        return name.endsWith("Bytes") || name.equals("bytes") ? ConfigUnits.bytes(value) : Long.toString(value);
    }

    private static String text(final String value) {
        return BARE.matcher(value).matches() && !value.equals("null") ? value : ConfigUtil.quoteString(value);
    }

    private static Object valueOf(final RecordComponent component, final Record config) {
        try {
            return component.getAccessor().invoke(config);
        } catch (final ReflectiveOperationException impossible) {
            throw new IllegalStateException("no access to " + component, impossible);
        }
    }
}
