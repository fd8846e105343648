package penstock.venue.emit;

import com.typesafe.config.ConfigList;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.Expression;
import penstock.venue.rule.FilterParser;
import penstock.venue.rule.PointerBindings;

/**
 * Reads <code>emit { bid = "$/data/b", side = "=buy", mid = "mid(bid, ask)" }</code>. HOCON keeps no order of keys: the
 * fields that a normalised channel defines come in its order, then all others by name, the computed ones last. Owned by
 * the thread that reads the file.
 */
public final class EmitReader {
    private static final String KEY = "emit";
    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_-]{0,63}");
    private static final Pattern CALL = Pattern.compile("([A-Za-z]+)\\((.*)\\)");
    private static final String MIDDLE = "mid";
    private static final String DIFFERENCE = "spread";
    private static final String FORMS = "must be an expression like $/data/b, a list of them, a constant like =buy, a "
        + "number, true, false, mid(bid, ask) or spread(bid, ask)";
    private static final String AS_TEXT = "text";

    private final ConfigSection rule;
    private final ConfigSection section;
    private final PointerBindings bindings;
    /** Null for a channel of the venue's own. */
    private final NormalisedChannel channel;
    private final List<String> names;

    private EmitReader(final ConfigSection rule, final PointerBindings bindings, final String channel) {
        this.rule = rule;
        section = rule.section(KEY);
        this.bindings = bindings;
        this.channel = NormalisedChannel.named(channel);
        final List<String> order = this.channel == null ? List.of() : this.channel.fields();
        names = new ArrayList<>(section.keys());
        names.sort(Comparator.<String>comparingInt(name -> isComputed(name) ? 1 : 0)
            .thenComparingInt(name -> order.contains(name) ? order.indexOf(name) : order.size())
            .thenComparing(Comparator.naturalOrder()));
    }

    /**
     * Reads the object at {@code emit} of a rule of a channel; {@code keepsNull}: the channel's class is merge. Null
     * if it is unusable.
     */
    public static EmitRule read(final ConfigSection rule, final PointerBindings bindings, final String channel,
            final boolean keepsNull) {
        return new EmitReader(rule, bindings, channel).rule(keepsNull);
    }

    private EmitRule rule(final boolean keepsNull) {
        final List<EmitField> fields = new ArrayList<>();
        for (final String name : names) {
            checkName(name);
            fields.add(field(name));
        }
        if (fields.contains(null)) {
            return null;
        }
        if (fields.stream().noneMatch(EmitField::isFromMessage)) {
            rule.problem(KEY, "has no field from the message; add one, like bid = \"$/data/b\"");
            return null;
        }
        return new EmitRule(fields, keepsNull);
    }

    private void checkName(final String name) {
        if (!NAME.matcher(name).matches()) {
            section.problem(name, "is no name of a field; use letters, digits, _ and -");
        } else if (channel != null && !channel.fields().contains(name)) {
            channel.fields().stream().filter(name::equalsIgnoreCase)
                .forEach(known -> section.problem(name, "must be written " + known));
        }
    }

    /** Null if it is unusable. */
    private EmitField field(final String name) {
        final ConfigValue written = section.written(name);
        final boolean isScalar = written.valueType() == ConfigValueType.NUMBER
            || written.valueType() == ConfigValueType.BOOLEAN;
        if (isScalar) {
            return constant(name, section.text(name, ""));
        }
        if (written instanceof ConfigList) {
            return places(name, section.texts(name));
        }
        final String source = written.valueType() == ConfigValueType.STRING ? section.text(name, "").trim() : "";
        if (source.startsWith("=")) {
            return constant(name, source.substring(1));
        }
        final Matcher call = CALL.matcher(source);
        if (call.matches()) {
            return computed(name, call.group(1), call.group(2).split(",", -1), source);
        }
        if (!source.startsWith("$") && !source.startsWith("@")) {
            section.problem(name, FORMS + (source.isEmpty() ? "" : ", got " + source));
            return null;
        }
        return places(name, List.of(source));
    }

    private EmitField places(final String name, final List<String> sources) {
        final List<List<String>> stages = sources.stream().map(FilterParser::stages).toList();
        final boolean isText = stages.stream().anyMatch(each -> each.get(each.size() - 1).equals(AS_TEXT));
        final FieldType type = type(name);
        if (isText && type != FieldType.ANY) {
            section.problem(name, "has the filter text, but in channel " + channel.channel() + " it is always "
                + type.meaning() + "; remove the filter");
            return null;
        }
        final List<Expression> places = new ArrayList<>();
        for (final List<String> each : stages) {
            final boolean endsWithText = each.get(each.size() - 1).equals(AS_TEXT);
            final String source = String.join(" | ", endsWithText ? each.subList(0, each.size() - 1) : each);
            places.add(bindings.expression(section, name, source));
        }
        if (places.isEmpty()) {
            section.problem(name, "is empty; name the place of the value, like $/data/b");
        }
        return places.isEmpty() || places.stream().anyMatch(Objects::isNull) ? null
            : EmitField.at(name, isText ? FieldType.TEXT : type, places, isRequired(name));
    }

    private EmitField constant(final String name, final String value) {
        final ByteSlice text = new ByteSlice();
        text.take(value.getBytes(StandardCharsets.UTF_8));
        final EmitBuffer json = new EmitBuffer();
        if (!type(name).append(text, json)) {
            section.problem(name, "must be " + type(name).meaning() + " in channel " + channel.channel() + ", got "
                + value);
            return null;
        }
        return EmitField.constant(name, Arrays.copyOf(json.bytes(), json.length()));
    }

    private EmitField computed(final String name, final String function, final String[] arguments,
            final String source) {
        if (!function.equals(MIDDLE) && !function.equals(DIFFERENCE)) {
            section.problem(name, "only mid(bid, ask) and spread(bid, ask) are computed, got " + source);
            return null;
        }
        final int bid = operand(name, arguments[0].trim());
        final int ask = arguments.length == 2 ? operand(name, arguments[1].trim()) : -1;
        if (arguments.length != 2) {
            section.problem(name, "must name two fields, like " + function + "(bid, ask), got " + source);
        }
        return bid < 0 || ask < 0 ? null
            : EmitField.computed(name, new EmitField.Computed(function.equals(MIDDLE), bid, ask));
    }

    /** The position of a field that is not computed; -1 after a problem. */
    private int operand(final String name, final String field) {
        final int position = names.indexOf(field);
        if (position < 0 || isComputed(field)) {
            section.problem(name, "must be computed from fields of this emit that are not computed, got "
                + (field.isEmpty() ? "nothing" : field));
            return -1;
        }
        return position;
    }

    /** True for mid(…) and spread(…). */
    private boolean isComputed(final String name) {
        return section.isText(name) && CALL.matcher(section.text(name, "").trim()).matches();
    }

    private FieldType type(final String name) {
        return channel == null ? FieldType.ANY : channel.type(name);
    }

    /** Of a channel of the venue's own each field is. */
    private boolean isRequired(final String name) {
        return channel == null || channel.requires(name);
    }
}
