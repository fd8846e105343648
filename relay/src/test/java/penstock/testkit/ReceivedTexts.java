package penstock.testkit;

import java.util.function.Consumer;

/** Shows each text that a client of a test receives to a checker, if there is one. Any thread. */
public final class ReceivedTexts {
    private static volatile Consumer<String> checker = text -> {
    };

    private ReceivedTexts() {
    }

    /** From now on {@code check} sees each text, and throws what it finds wrong. */
    public static void watch(final Consumer<String> check) {
        checker = check;
    }

    /** Returns the text, once it was checked. */
    public static String checked(final String text) {
        checker.accept(text);
        return text;
    }
}
