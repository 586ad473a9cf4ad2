export default function MapPage() {
  return <main>map</main>;
}
