package penstock.config;

/** The value of {@code feed.venue}: the name of a built-in venue, or a path. Stateless. */
final class VenueName {
    private static final String SUFFIX = ".conf";
    private static final String BUILT_IN = "/penstock/venues/";

    private VenueName() {
    }

    /** True for a path, false for the name of a built-in venue. */
    static boolean isPath(final String venue) {
        return venue.indexOf('/') >= 0 || venue.indexOf('\\') >= 0 || venue.endsWith(SUFFIX);
    }

    /** True for the name of a built-in venue file. */
    static boolean isBuiltIn(final String name) {
        return name.matches("[A-Za-z0-9-]+") && VenueName.class.getResource(BUILT_IN + name + SUFFIX) != null;
    }
}
