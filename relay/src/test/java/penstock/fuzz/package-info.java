/**
 * Fuzz targets: everything that reads what strangers send, with invariants that hold for any bytes. The build runs the
 * examples and random mutants of them; {@code scripts/fuzz} searches for longer, guided by coverage.
 */
package penstock.fuzz;
