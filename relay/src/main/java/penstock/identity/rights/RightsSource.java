package penstock.identity.rights;

import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import penstock.config.relay.AuthConfig;
import penstock.identity.BoundedFetch;

/**
 * The service that knows the products of a client: {@code GET} of an address with the client's id, answered by {@code
 * {"products":["fx"]}}; 404 means none. Any thread.
 */
final class RightsSource {
    private static final int MAX_BYTES = 64 * 1_024;

    private final String address;
    private final String token;
    private final BoundedFetch http;

    RightsSource(final AuthConfig.Rights config, final long withinMs) {
        address = config.url();
        token = config.token();
        http = new BoundedFetch(MAX_BYTES, withinMs);
    }

    /** The names of the client's products; fails if the service does not answer as it should. */
    CompletableFuture<Set<String>> ask(final String id) {
        final String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8).replace("+", "%20");
        final HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address.replace("{id}", encoded)))
            .header("Accept", "application/json");
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build()).thenApply(RightsSource::products);
    }

    private static Set<String> products(final HttpResponse<byte[]> response) {
        if (response.statusCode() == 404) {
            return Set.of();
        }
        if (response.statusCode() != 200) {
            throw failure("status " + response.statusCode() + " instead of 200 or 404");
        }
        try {
            final Map<String, Object> answer =
                JSONObjectUtils.parse(new String(response.body(), StandardCharsets.UTF_8));
            if (answer != null && answer.get("products") instanceof List<?> names
                    && names.stream().allMatch(String.class::isInstance)) {
                return names.stream().map(String.class::cast).collect(Collectors.toUnmodifiableSet());
            }
        } catch (final ParseException e) {
            throw failure("the answer is not JSON");
        }
        throw failure("the answer does not look like {\"products\":[\"fx\"]}");
    }

    private static CompletionException failure(final String reason) {
        return new CompletionException(new IOException(reason));
    }
}
