/** A mandrake: two leaves, and a root that forks like legs. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 32 32"
      fill="none"
      stroke="currentColor"
      strokeWidth="2.2"
      strokeLinecap="round"
      strokeLinejoin="round"
      className="shrink-0 text-accent"
      aria-hidden="true"
    >
      <path
        d="M16 12c0-5 2.6-8.600 7.600-9.800C24.400 7.600 21.600 11.200 16 12Z"
        fill="currentColor"
        fillOpacity=".22"
      />
      <path
        d="M16 12c0-4-2.400-7-7.600-7.800C7.800 9 10.600 11.600 16 12Z"
        fill="currentColor"
        fillOpacity=".22"
      />
      <path d="M16 12v6.500c0 4.500-5 5-5 11.300M16 18.500c0 4.500 5 5 5 11.300" />
      <path d="M15.800 15.500c-2.800 0-4.800 1.500-6.300 4.300M16.200 15.500c2.800 0 4.800 1.500 6.300 4.300" />
    </svg>
  );
}
