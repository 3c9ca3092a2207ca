/** The product's mark. */
export function Mark({ size = 24 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#0f6cbd" />
      <path
        d="M8 17l4.500 4.500L20 12"
        fill="none"
        stroke="#fff"
        strokeWidth="3"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <path d="M17 21.500 24.500 12" fill="none" stroke="#9cd0ff" strokeWidth="3" strokeLinecap="round" />
    </svg>
  );
}
