package penstock.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.docs.Pages;

/**
 * Messages, requests and answers that pages show, as a line of a block or in running text.
 *
 * @param page  where it is shown
 * @param json  the message; what the page cuts off is left out
 * @param isCut whether the page cuts something off, with {@code …}
 */
record PageMessages(String page, String json, boolean isCut) {
    private static final List<String> PAGES = List.of("README.md", "relay/docs/reference/protocol.md",
        "relay/docs/link.md",
        "relay/docs/reference/client-semantics.md", "relay/docs/how-to/let-clients-in.md", "relay/docs/tutorial.md");
    private static final Pattern MESSAGE = Pattern.compile(
        "(?m)(?:^ *(?:data: )?|`)(\\{\"(?:type\":|op\":|s\":|ready\":|ticket\":|epoch\":[0-9])[^`\\n]*)");

    /** All of them. */
    static List<PageMessages> all() {
        final List<PageMessages> messages = new ArrayList<>();
        for (final String page : PAGES) {
            final Matcher matcher = MESSAGE.matcher(Pages.text(page));
            while (matcher.find()) {
                messages.add(of(page, matcher.group(1).strip()));
            }
        }
        return messages;
    }

    private static PageMessages of(final String page, final String shown) {
        final boolean isCut = shown.contains("…");
        return new PageMessages(page, isCut ? closed(shown.replaceAll(",?…", "")) : shown, isCut);
    }

    /** With the brackets that a cut end lacks. */
    private static String closed(final String json) {
        final Deque<Character> missing = new ArrayDeque<>();
        boolean isText = false;
        for (int i = 0; i < json.length(); i++) {
            final char c = json.charAt(i);
            isText ^= c == '"' && json.charAt(i - 1) != '\\';
            if (!isText && (c == '{' || c == '[')) {
                missing.push(c == '{' ? '}' : ']');
            } else if (!isText && (c == '}' || c == ']')) {
                missing.pop();
            }
        }
        final StringBuilder whole = new StringBuilder(json);
        missing.forEach(whole::append);
        return whole.toString();
    }
}
