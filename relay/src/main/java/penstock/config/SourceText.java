package penstock.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import com.typesafe.config.ConfigValueType;

/** Formats a value for a message as it was written: short, on one line. Stateless. */
public final class SourceText {
    private static final int MAX_LENGTH = 80;

    private SourceText() {
    }

    /** The text as written, at most 80 characters. */
    public static String of(final ConfigValue value) {
        final boolean plain = value.valueType() == ConfigValueType.STRING && isPlain((String) value.unwrapped());
        return cut(plain ? (String) value.unwrapped() : value.render(ConfigRenderOptions.concise()));
    }

    /** The file and line where a value stands, or the variable or option that sets it. */
    public static String place(final ConfigValue value) {
        return SourceLocation.of(value.origin()).toString();
    }

    /** The text as written. */
    public static String of(final String text) {
        return of(ConfigValueFactory.fromAnyRef(text));
    }

    /** The kind of a value with a wrong kind; the content may be secret and is not shown. */
    public static String kind(final ConfigValue value) {
        return switch (value.valueType()) {
            case OBJECT -> "an object";
            case LIST -> "a list";
            case NUMBER -> "a number";
            case BOOLEAN -> "a flag";
            case STRING -> "text";
            default -> "nothing";
        };
    }

    private static boolean isPlain(final String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c < 0x7f);
    }

    private static String cut(final String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "…";
    }
}
