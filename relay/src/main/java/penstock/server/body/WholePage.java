package penstock.server.body;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.StringJoiner;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * A page whose elements with {@code data-within="FILE FILE"} have the text of these files in them: in one piece, so
 * that it works when it is saved and no relay runs. Modules become one, in the order in which they are named. A page
 * without such an element stays as it is. Immutable.
 *
 * <p>Built before the relay serves; read by any thread.
 */
public final class WholePage {
    private static final Pattern ELEMENT = Pattern.compile("<(style|script)([^>]*) data-within=\"([^\"]*)\"></\\1>");
    private static final Pattern IMPORT = Pattern.compile("(?m)^import .*\\R");
    private static final Pattern EXPORT = Pattern.compile("(?m)^export ");
    private static final String OF_THIS_HOST = "'self'";

    private final StringJoiner scripts = new StringJoiner(" ");
    private final StringJoiner styles = new StringJoiner(" ");
    private final UnaryOperator<String> files;
    private final String text;

    /** The page {@code html}; {@code files}: the text of a file by its name. */
    public WholePage(final String html, final UnaryOperator<String> files) {
        this.files = files;
        scripts.setEmptyValue(OF_THIS_HOST);
        styles.setEmptyValue(OF_THIS_HOST);
        final StringBuilder whole = new StringBuilder();
        int end = 0;
        for (final MatchResult element : ELEMENT.matcher(html).results().toList()) {
            final String content = content(element);
            whole.append(html, end, element.start()).append('<').append(element.group(1)).append(element.group(2))
                .append('>').append(content).append("</").append(element.group(1)).append('>');
            end = element.end();
        }
        text = whole.append(html.substring(end)).toString();
    }

    /** The page. */
    public String text() {
        return text;
    }

    /** What a content security policy has to allow as scripts: those in the page, or if it has none its own host's. */
    public String scripts() {
        return scripts.toString();
    }

    /** As {@link #scripts}, of styles. */
    public String styles() {
        return styles.toString();
    }

    private String content(final MatchResult element) {
        final StringBuilder joined = new StringBuilder("\n");
        for (final String file : element.group(3).split(" ")) {
            joined.append(files.apply(file));
        }
        String content = joined.toString();
        final boolean isModule = element.group(2).contains("module");
        if (isModule) {
            content = EXPORT.matcher(IMPORT.matcher(content).replaceAll("")).replaceAll("");
        }
        if (content.contains("</")) {
            throw new IllegalStateException("the text of " + element.group(3) + " would end its element");
        }
        if (isModule) {
            scripts.add(hash(content));
        } else if (element.group(1).equals("style")) {
            styles.add(hash(content));
        }
        return content;
    }

    private static String hash(final String content) {
        try {
            return "'sha256-" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256")
                .digest(content.getBytes(StandardCharsets.UTF_8))) + '\'';
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
