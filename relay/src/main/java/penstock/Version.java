package penstock;

/** The version, from the jar's manifest. */
final class Version {
    /** What {@code --version}, the banner and the welcome say. */
    static final String TEXT = text();

    private Version() {
    }

    private static String text() {
        final String version = Version.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }
}
