package penstock.lease.etcd;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigSyntax;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import penstock.lease.KeyAnswer;

/**
 * Requests and answers of etcd's gateway as texts: JSON with 64-bit numbers as strings, and bytes in Base64. Stateless.
 */
final class EtcdText {
    private static final int MAX_REASON = 200;

    private EtcdText() {
    }

    /** Not {@code serializable}: a member that is cut off from the others gives no answer. */
    static String range(final String key) {
        return "{\"key\":\"" + base64(key) + "\"}";
    }

    /** Writes the value if the key was changed last by {@code revision}; else reads it, in one step. */
    static String swap(final String key, final long revision, final String value) {
        final String name = "\"key\":\"" + base64(key) + "\"";
        return "{\"compare\":[{" + name + ",\"target\":\"MOD\",\"result\":\"EQUAL\",\"mod_revision\":\"" + revision
            + "\"}],\"success\":[{\"request_put\":{" + name + ",\"value\":\"" + base64(value)
            + "\"}}],\"failure\":[{\"request_range\":{" + name + "}}]}";
    }

    /** Asks for a token. */
    static String login(final String user, final String password) {
        return "{\"name\":" + quoted(user) + ",\"password\":" + quoted(password) + "}";
    }

    /** The answer to {@link #range}. */
    static KeyAnswer ofRange(final byte[] body) throws IOException {
        final Config answer = parse(body);
        return checked(() -> {
            final Config found = first(answer);
            return KeyAnswer.value(revision(found), value(found));
        });
    }

    /** The answer to {@link #swap}. */
    static KeyAnswer ofSwap(final byte[] body) throws IOException {
        final Config answer = parse(body);
        return checked(() -> {
            if (answer.hasPath("succeeded") && answer.getBoolean("succeeded")) {
                return KeyAnswer.swapped(answer.getLong("header.revision"));
            }
            final Config found = first(answer.getConfigList("responses").get(0).getConfig("response_range"));
            return KeyAnswer.refused(revision(found), value(found));
        });
    }

    /** The answer to {@link #login}. */
    static String ofLogin(final byte[] body) throws IOException {
        final Config answer = parse(body);
        return checked(() -> answer.getString("token"));
    }

    /** What etcd says of an error, for people. */
    static String reason(final byte[] body) {
        try {
            final Config answer = parse(body);
            final String words = answer.hasPath("message") ? answer.getString("message")
                : answer.hasPath("error") ? answer.getString("error") : "no reason";
            return printable(words);
        } catch (final IOException | ConfigException e) {
            final String text = printable(new String(body, StandardCharsets.UTF_8).strip());
            return text.startsWith("CommonName ") ? "etcd takes no user from a client whose certificate has a "
                + "CommonName; see lease.tls.certificate (" + text + ")" : "no answer of etcd's gateway: " + text;
        }
    }

    private static String printable(final String text) {
        final String printable = text.replaceAll("[^ -~]", "?");
        return printable.substring(0, Math.min(MAX_REASON, printable.length()));
    }

    private static Config first(final Config range) {
        final List<? extends Config> found = range.hasPath("kvs") ? range.getConfigList("kvs") : List.of();
        return found.isEmpty() ? null : found.get(0);
    }

    private static long revision(final Config found) {
        return found == null ? 0 : found.getLong("mod_revision");
    }

    private static String value(final Config found) {
        return found == null ? null : found.hasPath("value")
            ? new String(Base64.getDecoder().decode(found.getString("value")), StandardCharsets.UTF_8) : "";
    }

    private static Config parse(final byte[] body) throws IOException {
        return checked(() -> ConfigFactory.parseString(new String(body, StandardCharsets.UTF_8),
            ConfigParseOptions.defaults().setSyntax(ConfigSyntax.JSON)));
    }

    private static <T> T checked(final Supplier<T> reading) throws IOException {
        try {
            return reading.get();
        } catch (final ConfigException | IllegalArgumentException | IndexOutOfBoundsException e) {
            throw new IOException("the answer is not that of etcd's gateway");
        }
    }

    private static String base64(final String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static String quoted(final String text) {
        final StringBuilder out = new StringBuilder("\"");
        for (final char c : text.toCharArray()) {
            if (c < ' ' || c == '"' || c == '\\') {
                out.append(String.format("\\u%04x", (int) c));
            } else {
                out.append(c);
            }
        }
        return out.append('"').toString();
    }
}
