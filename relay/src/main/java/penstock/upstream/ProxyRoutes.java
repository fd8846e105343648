package penstock.upstream;

import java.util.function.Function;

/**
 * Decides which proxy leads to which host. {@code feed.proxy} counts before the environment, whose variables are read
 * as curl reads them: {@code https_proxy} or {@code HTTPS_PROXY} for wss and https, {@code http_proxy} for ws and http.
 * The hosts of {@code no_proxy} or {@code NO_PROXY} and loopback are reached directly. Immutable.
 */
public final class ProxyRoutes {
    /** Reaches every host directly. */
    public static final ProxyRoutes DIRECT = new ProxyRoutes(null, null, new NoProxy(""));

    /** The word that excludes the proxies of the environment. */
    private static final String NONE = "none";
    private static final String KEY = "feed.proxy";

    private final HttpProxy secure;
    private final HttpProxy plain;
    private final NoProxy exceptions;

    private ProxyRoutes(final HttpProxy secure, final HttpProxy plain, final NoProxy exceptions) {
        this.secure = secure;
        this.plain = plain;
        this.exceptions = exceptions;
    }

    /**
     * Reads the configured proxy and the environment.
     *
     * @param configured  an address, {@code none}, or null = the environment decides
     * @param environment returns null for a variable that is not set
     * @throws IllegalArgumentException with the key or the variable, and a remedy
     */
    public static ProxyRoutes of(final String configured, final Function<String, String> environment) {
        if (NONE.equals(configured)) {
            return DIRECT;
        }
        final NoProxy exceptions = new NoProxy(first(environment, "no_proxy", "NO_PROXY"));
        if (configured != null) {
            final HttpProxy proxy = HttpProxy.parse(KEY, configured);
            return new ProxyRoutes(proxy, proxy, exceptions);
        }
        // curl ignores HTTP_PROXY: a web server sets it from the header "Proxy" of a request
        return new ProxyRoutes(proxy(environment, "https_proxy", "HTTPS_PROXY"), proxy(environment, "http_proxy"),
            exceptions);
    }

    /** The proxy to a host; null = connect directly. {@code isSecure}: wss or https. */
    public HttpProxy to(final boolean isSecure, final String host) {
        final HttpProxy proxy = isSecure ? secure : plain;
        return proxy == null || exceptions.contains(host) ? null : proxy;
    }

    private static HttpProxy proxy(final Function<String, String> environment, final String... names) {
        for (final String name : names) {
            final String text = first(environment, name);
            if (!text.isEmpty()) {
                try {
                    return HttpProxy.parse("environment variable " + name, text);
                } catch (final IllegalArgumentException e) {
                    throw new IllegalArgumentException(e.getMessage() + "; or set feed.proxy = none", e);
                }
            }
        }
        return null;
    }

    private static String first(final Function<String, String> environment, final String... names) {
        for (final String name : names) {
            final String text = environment.apply(name);
            if (text != null && !text.isBlank()) {
                return text.trim();
            }
        }
        return "";
    }
}
