import '../ui/zegel.css'
import { readPageConfig } from '../ui/page-config.ts'
import { showPickPage } from './pick-page.tsx'

// Page /open: asks for the file; also when a posted message, whose share is still there, was too large.
const config = readPageConfig(document)
void showPickPage(config, location.hash === '' && !config.askForFile ? 'asked' : 'large')
