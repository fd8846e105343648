package penstock.venue.login;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import penstock.text.Address;
import penstock.venue.rule.MessageMatch;
import penstock.venue.spec.RequestHeaders;
import penstock.venue.spec.VenueVariables;

/**
 * Reads the values of one login, each once, and before it those that it needs. A message of a failure never has a
 * value. Owned by the login's thread.
 */
final class LoginReading {
    private static final int OK = 200;
    private static final int MULTIPLE = 300;

    private final LoginValues login;
    private final LoginCall call;
    private final HttpExchange http;
    private final Map<String, String> values = new LinkedHashMap<>();
    private boolean hasCalledPlugins;

    LoginReading(final LoginValues login, final LoginCall call, final HttpExchange http) {
        this.login = login;
        this.call = call;
        this.http = http;
    }

    Map<String, String> values() {
        return values;
    }

    /** Reads these. */
    void read(final Iterable<String> names) throws Exception {
        for (final String name : names) {
            if (!values.containsKey(name)) {
                readOne(name);
            }
        }
    }

    private void readOne(final String name) throws Exception {
        final String place = name.substring(name.indexOf(':') + 1);
        switch (name.substring(0, name.indexOf(':'))) {
            case "file" -> values.put(name, SecretFile.read(place));
            case "exec" -> values.put(name, SecretCommand.run(place));
            case "http" -> fetch(place.substring(0, place.indexOf('/')), place.substring(place.indexOf('/') + 1));
            default -> callPlugins();
        }
    }

    void callPlugins() throws Exception {
        if (!hasCalledPlugins) {
            hasCalledPlugins = true;
            read(login.plugins().loginValues());
            login.plugins().call(call.url(), call.nowMs(), values)
                .forEach((name, value) -> values.put("plugin:" + name, value));
        }
    }

    private void fetch(final String name, final String wanted) throws Exception {
        final FetchSpec spec = login.fetches().get(name);
        if (spec == null || !spec.values().containsKey(wanted)) {
            throw new LoginException("{http:" + name + "/" + wanted + "} is no value of the venue file's fetch");
        }
        read(spec.request().loginValues());
        final FetchedAnswers.Slot slot = login.answers().slot(name);
        slot.lock();
        try {
            final Map<String, String> known = slot.values(call.nowNs());
            final Map<String, String> found = known == null ? send(name, spec, slot) : known;
            found.forEach((each, value) -> values.put("http:" + name + "/" + each, value));
        } finally {
            slot.unlock();
        }
    }

    private Map<String, String> send(final String name, final FetchSpec spec, final FetchedAnswers.Slot slot)
            throws LoginException, InterruptedException {
        final String what = "fetch " + name;
        final HttpExchange.Request request = request(what, spec);
        final long waitMs = slot.takeOrWaitMs(spec.rate(), call.nowNs());
        if (waitMs > 0) {
            throw new LoginException(what + ": no more than " + spec.rate().permits() + " requests in "
                + spec.rate().perMs() + " ms", 0, waitMs);
        }
        final HttpExchange.Answer answer;
        try {
            answer = http.send(request);
        } catch (final IOException e) {
            throw new LoginException(what + ": " + e.getMessage());
        }
        if (answer.status() < OK || answer.status() >= MULTIPLE) {
            throw new LoginException(what + ": " + shown(request) + " answered " + answer.status(), answer.status(),
                answer.retryAfterMs());
        }
        final Map<String, String> found = new HashMap<>();
        for (final Map.Entry<String, String> value : spec.values().entrySet()) {
            found.put(value.getKey(), read(what, answer.body(), value.getValue()));
        }
        slot.put(found, call.nowNs(), lifeMs(what, spec.expiry(), answer.body()));
        return found;
    }

    private HttpExchange.Request request(final String what, final FetchSpec spec) throws LoginException {
        final Function<String, String> environment = login.environment(values);
        final FetchSpec.Template template = spec.request();
        final Map<String, String> headers = new LinkedHashMap<>();
        template.headers().forEach((name, value) -> headers.put(name, value.render(this::now, environment)));
        final URI address;
        try {
            RequestHeaders.check(headers);
            address = URI.create(template.url().render(this::now, environment, VenueVariables.escaped(environment)));
        } catch (final IllegalArgumentException e) {
            // the message of a header names no value; that of an address repeats it
            throw new LoginException(what + ": " + (e.getMessage().startsWith("headers: ") ? e.getMessage()
                : "its url with its values is no address"));
        }
        if (address.getHost() == null || !"http".equals(address.getScheme()) && !"https".equals(address.getScheme())) {
            throw new LoginException(what + ": its url with its values must begin with http:// or https:// and a host");
        }
        final byte[] body = template.body() == null ? new byte[0]
            : template.body().render(this::now, environment).getBytes(StandardCharsets.UTF_8);
        if (body.length > 0 && headers.keySet().stream().noneMatch("Content-Type"::equalsIgnoreCase)) {
            headers.put("Content-Type", template.body().contentType());
        }
        return new HttpExchange.Request(address, template.method().name().toUpperCase(Locale.ROOT), headers, body,
            spec.limits().timeoutMs(), spec.limits().maxBytes());
    }

    private List<String> now(final String name) {
        return List.of(Long.toString(call.nowMs()));
    }

    /** The path may hold a secret. */
    private static String shown(final HttpExchange.Request request) {
        return new Address(request.toString()).toString();
    }

    private static String read(final String what, final byte[] body, final String at) throws LoginException {
        final String slice = MessageMatch.text(at, body, 0, body.length);
        if (slice == null || slice.isEmpty()) {
            throw new LoginException(what + ": the answer has nothing at " + at);
        }
        return slice;
    }

    private static long lifeMs(final String what, final FetchSpec.Expiry expiry, final byte[] body)
            throws LoginException {
        if (expiry.at() == null) {
            return expiry.afterMs();
        }
        final String seconds = read(what, body, expiry.at());
        try {
            final long lifeMs = (long) (Double.parseDouble(seconds) * 1_000);
            return expiry.afterMs() == 0 ? Math.max(0, lifeMs) : Math.min(expiry.afterMs(), Math.max(0, lifeMs));
        } catch (final NumberFormatException e) {
            throw new LoginException(what + ": the value at " + expiry.at() + " (expires-in) is no number of seconds");
        }
    }
}
